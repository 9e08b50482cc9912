import { WarRoomError } from '../../base/errors';
import { pathText } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, hole, sharingWarnings, textOf } from './edits';
import { ownScalars } from './find';
import type { Fix, Fixer, FixTarget } from './fix';
import { knownFor, sourceWarnings, sourceWords } from './known';

const referring = /ref|secret|config|existing|claim|env|volume/i;

/**
 * `missing-config-ref`: the name, or the key, by which the workload refers to a ConfigMap or Secret.
 * What is in them is never touched.
 */
export const referenceFixer: Fixer = {
  needsKnown: true,
  objection: ({ configReference }) =>
    configReference ? null : 'The evidence does not name the ConfigMap or Secret that is missing.',

  fix(target) {
    const [object = '', key] = (target.facts.configReference?.value ?? '').split('#');
    const wanted = key ?? object.replace(/^.*\//, '');
    const others = /^secret\b/i.test(object)
      ? notSecret
      : /^configmap\b/i.test(object)
        ? notConfig
        : null;
    const places = referencesTo(target, wanted).filter(
      ({ keyPath }) => !others?.test(pathText(keyPath.slice(target.prefix.length))),
    );
    const [first] = places;
    if (!first) {
      throw new WarRoomError(
        'values-key-missing',
        `No value of the file is ${wanted}, so ${object} is named by the chart itself or by another file; the file was left as it is. Create ${object}, or see who names it.`,
      );
    }
    return nameFix(target, places, key === undefined ? object : `${object}, key ${key}`);
  },

  patch: () => null,
};

const notConfig = /claim|secret/i;
const notSecret = /claim|configMap/i;

/** Scalars that are this name, where a reference may stand. */
function referencesTo(target: FixTarget, name: string): ScalarPlace[] {
  return ownScalars(target).filter(
    (place) =>
      textOf(place) === name &&
      place.keyPath.some((part) => typeof part === 'string' && referring.test(part)),
  );
}

/** All places that name what does not exist get the name that is known for the first of them. */
export function nameFix(target: FixTarget, places: readonly ScalarPlace[], missing: string): Fix {
  const known = places
    .map((place) => knownFor(target, place.keyPath))
    .find((value) => value !== undefined);
  const paths = places.map(({ keyPath }) => pathText(keyPath)).join(', ');
  if (!known) {
    return {
      title: `correct the reference to ${missing}`,
      edits: places.map((place) => hole(place.keyPath, place, `a name that exists`)),
      reason: `${missing} does not exist, and ${paths} names it. Neither the history nor another file knows another name, and none is invented: type one that exists, or reject this and create ${missing}.`,
      formula: null,
      warnings: sharingWarnings(places),
    };
  }
  return {
    title: `refer to ${known.text}`,
    edits: places.map((place) => editOf(place, known.text)),
    reason: `${missing} does not exist, and ${paths} names it. It becomes ${known.text}, ${sourceWords(known)}.`,
    formula: null,
    warnings: [
      `See that ${known.text} exists in this namespace.`,
      ...sourceWarnings(known),
      ...sharingWarnings(places),
    ],
  };
}
