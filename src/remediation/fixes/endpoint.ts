import { pathText } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, refusal, sharingWarnings, textOf } from './edits';
import { ownScalars } from './find';
import type { Fixer, FixTarget } from './fix';
import { lastGood, sourceWords } from './known';
import { holdsSecret } from './secrets';

/**
 * A peer that is not where the values say: the address that this very scalar held before. The address
 * in the file must be the one that failed.
 */
export const endpointFixer: Fixer = {
  needsKnown: true,
  objection: ({ host, port }) =>
    host || port ? null : 'The evidence does not name the address that failed.',

  fix(target) {
    const places = ownScalars(target).filter((place) => namesPeer(target, place));
    const changed = places.flatMap((place) => {
      const good = lastGood(target, place.keyPath);
      return good && !holdsSecret(good.text) ? [{ place, good }] : [];
    });
    const [only, ...others] = changed;
    const { host, port } = target.facts;
    const peer = [host?.value, port?.value].filter((part) => part !== undefined).join(':');
    if (!only) {
      throw refusal(
        places.length > 0
          ? `${pathText(places[0]?.keyPath ?? [])} names ${peer}, and the history of this file holds no other address, so the address is not what changed; the file was left as it is.`
          : `No value of the file names ${peer}, so the file was left as it is.`,
        places.length > 0 ? 'values-ambiguous' : 'values-key-missing',
      );
    }
    if (others.length > 0) {
      throw refusal(`Several values name ${peer} and were changed; the file was left as it is.`);
    }
    const { place, good } = only;
    return {
      title: `lead back to ${good.text}`,
      edits: [editOf(place, good.text)],
      reason: `${pathText(place.keyPath)} was changed from ${good.text} to ${textOf(place)}, which is the address that fails. It becomes ${good.text}, ${sourceWords(good)}.`,
      formula: null,
      warnings: [
        'If the peer was moved on purpose, correct its new address instead.',
        ...sharingWarnings([place]),
      ],
    };
  },

  patch: () => null,
};

/** A scalar that is, or holds, the address that failed. */
function namesPeer({ facts }: FixTarget, place: ScalarPlace): boolean {
  const text = String(place.value);
  const { host, port } = facts;
  if (host) return words(text).includes(host.value);
  const key = pathText(place.keyPath);
  return port !== undefined && text === String(port.value) && !/probe|service|container/i.test(key);
}

/** `db.shop` of `postgres://db.shop:5432/x`. */
function words(text: string): string[] {
  return text.split(/[/@,;:\s"'=]+/);
}
