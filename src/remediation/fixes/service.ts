import { pathText, startsWith } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, refusal, sharingWarnings, textOf } from './edits';
import { ownScalars, placesOf } from './find';
import type { Fix, Fixer, FixTarget } from './fix';
import { lastGood, sourceWords } from './known';
import { revivedFix } from './replicas';

/**
 * `no-endpoints`: the Service's selector follows the labels of the pods, its named port one that the
 * pods have, and what was scaled to zero comes back. Never the labels: a workload's own selector
 * cannot be changed in place.
 */
export const serviceFixer: Fixer = {
  needsKnown: true,
  objection: () => null,

  fix(target) {
    const fix = revivedFix(target) ?? selectorFix(target) ?? portFix(target);
    if (fix) return fix;
    throw refusal(
      'The file scales nothing to zero, and its Service selects the labels and the port that its pods have as far as they stand here, so it was left as it is; compare the Service with the labels of the pods.',
      'values-key-missing',
    );
  },

  patch: () => null,
};

const podLabels = /^(?:podLabels|podMetadata|labels|commonLabels|metadata)$/;

function selectorFix(target: FixTarget): Fix | null {
  const wrong = ownScalars(target)
    .filter(isSelector)
    .flatMap((place) => {
      const value = labelOf(target, place) ?? historyOf(target, place);
      return value === undefined || value.text === textOf(place) ? [] : [{ place, ...value }];
    });
  const [first] = wrong;
  if (!first) return null;
  return {
    title: `select pods by ${wrong.map(({ place, text }) => `${place.keyPath.at(-1)}=${text}`).join(', ')}`,
    edits: wrong.map(({ place, text }) => editOf(place, text)),
    reason: wrong
      .map(
        ({ place, text, why }) =>
          `${pathText(place.keyPath)} is ${textOf(place)}, which no pod carries; it becomes ${text}, ${why}.`,
      )
      .join(' '),
    formula: null,
    warnings: sharingWarnings(wrong.map(({ place }) => place)),
  };
}

/** The Service's selector; that of a Deployment (`matchLabels`) never changes in place. */
function isSelector({ keyPath }: ScalarPlace): boolean {
  return (
    keyPath.at(-2) === 'selector' &&
    /^(?:service|svc|spec)$/i.test(String(keyPath.at(-3))) &&
    !keyPath.includes('template') &&
    typeof keyPath.at(-1) === 'string'
  );
}

/** The label of the same key that the file gives the pods. */
function labelOf(target: FixTarget, { keyPath }: ScalarPlace) {
  const key = keyPath.at(-1);
  const labels = ownScalars(target).filter(
    (place) =>
      place.keyPath.at(-1) === key &&
      place.keyPath.slice(0, -1).some((part) => podLabels.test(String(part))) &&
      !place.keyPath.includes('service') &&
      !place.keyPath.includes('selector'),
  );
  const [label, ...others] = labels;
  if (!label || others.some((other) => textOf(other) !== textOf(label))) return undefined;
  return { text: textOf(label), why: `the label at ${pathText(label.keyPath)}` };
}

function historyOf(target: FixTarget, place: ScalarPlace) {
  const good = lastGood(target, place.keyPath);
  return good && { text: good.text, why: sourceWords(good) };
}

/** A port by a name that no container port has leads nowhere. */
function portFix(target: FixTarget): Fix | null {
  const [place, ...others] = placesOf(target, [['targetPort']]);
  if (!place || others.length > 0 || typeof place.value !== 'string') return null;
  const names = portNames(target);
  const [only] = names;
  if (only === undefined || names.length > 1 || only === textOf(place)) return null;
  return {
    title: `lead the Service to port ${only}`,
    edits: [editOf(place, only)],
    reason: `${pathText(place.keyPath)} is ${textOf(place)}, and the only port that the container names is ${only}.`,
    formula: null,
    warnings: sharingWarnings([place]),
  };
}

function portNames(target: FixTarget): string[] {
  const lists: readonly KeyPath[] = target.document
    .mappingPaths()
    .filter(
      (path) =>
        startsWith(path, target.prefix) && /^(?:ports|containerPorts)$/.test(`${path.at(-2)}`),
    );
  return lists
    .filter((path) => target.document.find([...path, 'containerPort']))
    .flatMap((path) => {
      const name = target.document.find([...path, 'name']);
      return name ? [textOf(name)] : [];
    });
}
