import { pathText, startsWith } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import { added, hole, refusal, textOf } from './edits';
import { amountOf } from './requests';
import type { Resource } from './requests';
import type { Fixer, FixTarget } from './fix';
import { knownFor, sourceWarnings, sourceWords } from './known';
import { locate } from './locate';

/**
 * `autoscaler-failed`, where a container requests none of what is measured: the request, as the
 * history or another file has it, else a hole.
 */
export const measuredRequestFixer: Fixer = {
  needsKnown: true,
  objection: ({ resource }) =>
    resource?.value === 'cpu' || resource?.value === 'memory'
      ? null
      : 'The autoscaler does not miss a request of a container, so no value of it cures this.',

  fix(target) {
    const resource: Resource = target.facts.resource?.value === 'memory' ? 'memory' : 'cpu';
    const block = resourcesBlock(target);
    const keyPath = [...block, 'requests', resource];
    if (target.document.find(keyPath)) {
      throw refusal(
        `${pathText(keyPath)} is set already, so another container of the pod (a sidecar) misses its request; the file was left as it is.`,
      );
    }
    const limit = target.document.find([...block, 'limits', resource]);
    const known = knownFor(
      target,
      keyPath,
      (text) => !limit || amountOf(resource, text) <= amountOf(resource, textOf(limit)),
    );
    const value = known
      ? added(keyPath, known.text)
      : hole(keyPath, undefined, `${resource} that it uses`);
    return {
      title: `request ${resource}`,
      edits: [known ? { ...value, after: known.place.source } : value],
      reason: `The autoscaler measures ${resource} as a share of what is requested, and ${pathText(block)} requests none. ${known ? `The request is ${known.text}, ${sourceWords(known)}.` : 'What it should be is not known here: type what the program uses (kubectl top pods).'}`,
      formula: null,
      warnings: known ? sourceWarnings(known) : [],
    };
  },

  patch: ({ resource }) =>
    `resources:\n  requests:\n    ${resource?.value ?? 'cpu'}: <what it uses>\n`,
};

function resourcesBlock(target: FixTarget): KeyPath {
  const blocks = target.document.mappingPaths().filter((path) => path.at(-1) === 'resources');
  const firsts = blocks.map((path) => {
    const first = target.document.scalars().find(({ keyPath }) => startsWith(keyPath, path));
    return first && pathText(first.keyPath);
  });
  const { place, owner } = locate(target, {
    name: 'block of resources',
    path: ['resources'],
    ownerOf: (candidate) => {
      const at = firsts.indexOf(pathText(candidate.keyPath));
      return at < 0 ? undefined : blocks[at]?.slice(0, -1);
    },
    seen: undefined,
    isSeen: () => true,
  });
  return place.keyPath.slice(0, owner.length + 1);
}
