import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, refusal, sharingWarnings, textOf } from './edits';
import { ownScalars } from './find';
import type { Fixer, FixTarget, KnownValues } from './fix';
import { lastGood, pathIn, sourceWords } from './known';
import { fitsContainer } from './locate';

/** Keys whose scalars are the command line. */
const commandKey = /^(?:command|args|entrypoint|cmd|extraArgs)$/i;

/** `bad-command`: the command line as the history holds it, where it was another one. */
export const commandFixer: Fixer = {
  needsKnown: true,
  objection: () => null,

  fix(target) {
    const parts = partsOf(target);
    if (parts.length === 0) {
      throw refusal(
        'The values file sets no command or arguments of its own, so it was left as it is; see what the image and the chart start.',
        'values-key-missing',
      );
    }
    const back = culprits(target, parts).flatMap((place) => {
      const good = lastGood(target, place.keyPath, (_, known) => sameLength(target, known, place));
      return good ? [{ place, good }] : [];
    });
    const [first] = back;
    if (!first) {
      const paths = parts.map((place) => `${pathText(place.keyPath)} (${textOf(place)})`);
      throw refusal(
        `The history of this file holds no other command line of as many words than today's ${paths.slice(0, 3).join(', ')}, so it was left as it is: nothing is invented for it.`,
      );
    }
    const together = back.filter(({ good }) => good.where === first.good.where);
    const told = together.map(
      ({ place, good }) => `${pathText(place.keyPath)} was ${good.text} and is ${textOf(place)}`,
    );
    return {
      title: `set start command back to ${together.map(({ good }) => good.text).join(' ')}`,
      edits: together.map(({ place, good }) => editOf(place, good.text)),
      reason: `The start command was changed: ${told.join(', ')}. It becomes what it was, ${sourceWords(first.good)}.`,
      formula: null,
      warnings: sharingWarnings(together.map(({ place }) => place)),
    };
  },

  patch: () => null,
};

/** The words of the container's own command line. */
function partsOf(target: FixTarget): ScalarPlace[] {
  return ownScalars(target).filter(({ keyPath }) => {
    const own = keyPath.slice(target.prefix.length);
    const at = own.findIndex((part) => typeof part === 'string' && commandKey.test(part));
    // A probe and a hook have commands too.
    const isOthers = own.some((part) => /probe|lifecycle|hook/i.test(String(part)));
    return at >= 0 && !isOthers && fitsContainer(target, own.slice(0, at));
  });
}

/** The words that name what cannot be run; all where none does. */
function culprits(target: FixTarget, parts: readonly ScalarPlace[]): readonly ScalarPlace[] {
  const path = target.facts.path?.value;
  const named = parts.filter((place) => path !== undefined && textOf(place).includes(path));
  return named.length > 0 ? named : parts;
}

/** In a list of another length the words have moved: then they cannot be compared one by one. */
function sameLength(target: FixTarget, known: KnownValues, { keyPath }: ScalarPlace): boolean {
  if (typeof keyPath.at(-1) !== 'number') return true;
  const length = (document: KnownValues['document'], list: KeyPath) => {
    let count = 0;
    while (document.find([...list, count])) count++;
    return count;
  };
  const list = keyPath.slice(0, -1);
  return length(known.document, pathIn(target, known, list)) === length(target.document, list);
}
