import { pathText, startsWith } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { added, editOf, refusal, sharingWarnings, textOf } from './edits';
import { ownScalars, placesOf } from './find';
import type { Fix, Fixer, FixTarget } from './fix';
import { knownFor, onlyOne, sourceWarnings, sourceWords } from './known';
import type { KnownValue } from './known';

const pullKeys = ['imagePullSecrets', 'pullSecrets'];

/** `image-unauthorized`: the name of a pull secret that the history or another file refers to. */
export const pullSecretFixer: Fixer = {
  needsKnown: true,
  objection: () => null,

  fix(target) {
    const [place, ...others] = ownScalars(target).filter(isPullSecret);
    if (others.length > 0) {
      throw refusal(
        'The file refers to several pull secrets, so it is not certain which one is refused; it was left as it is.',
      );
    }
    const known = place ? knownFor(target, place.keyPath) : pullSecretElsewhere(target);
    if (!known) {
      throw refusal(
        `${place ? `${pathText(place.keyPath)} is ${textOf(place)}` : 'The file refers to no pull secret'}, and neither the history nor another file refers to ${place ? 'another' : 'one'}, so it was left as it is: make the secret (kubectl create secret docker-registry), and refer to it.`,
        place ? 'values-ambiguous' : 'values-key-missing',
      );
    }
    const edit = place ? editOf(place, known.text) : added(known.at, known.text);
    return {
      title: `pull images with the secret ${known.text}`,
      edits: [edit],
      reason: `The registry refuses access${place ? ` with ${textOf(place)}` : ', and no pull secret is set'}. The name of ${known.text} is taken ${sourceWords(known)}; what is in it is never touched.`,
      formula: null,
      warnings: [
        `See that the secret ${known.text} exists in this namespace and is for this registry.`,
        ...sourceWarnings(known),
        ...(place ? sharingWarnings([place]) : []),
      ],
    };
  },

  patch: () => 'imagePullSecrets:\n  - name: <name of a pull secret>\n',
};

function isPullSecret({ keyPath }: ScalarPlace): boolean {
  return keyPath.some((part) => pullKeys.includes(String(part)));
}

function pullSecretElsewhere(target: FixTarget): KnownValue | undefined {
  const of = (known: FixTarget['others'][number], fromHistory: boolean): KnownValue[] =>
    known.document
      .scalars()
      .filter((place) => startsWith(place.keyPath, known.prefix) && isPullSecret(place))
      .map((place) => ({
        place,
        at: [...target.prefix, ...place.keyPath.slice(known.prefix.length)],
        text: textOf(place),
        where: known.where,
        fromHistory,
      }));
  const [before] = target.earlier.map((known) => of(known, true)).filter((each) => each.length > 0);
  return onlyOne(before ?? target.others.flatMap((known) => of(known, false)));
}

const accountKeys: readonly KeyPath[] = [
  ['serviceAccount', 'name'],
  ['serviceAccountName'],
  ['rbac', 'serviceAccountName'],
];

/** `forbidden-rbac`: the account that the history or another file names; rights are never widened. */
export const serviceAccountFixer: Fixer = {
  needsKnown: true,
  objection: () => null,

  fix(target) {
    const [place, ...others] = placesOf(target, accountKeys);
    if (others.length > 0) {
      throw refusal('The file names several service accounts; it was left as it is.');
    }
    const known = place ? knownFor(target, place.keyPath) : accountElsewhere(target);
    const now = target.facts.account?.value.replace(/^.*[:/]/, '');
    if (!known || known.text === now) {
      throw refusal(
        `${place ? `${pathText(place.keyPath)} is ${textOf(place)}` : 'The file names no service account'}, and neither the history nor another file names another, so it was left as it is: a right is given by whoever owns the namespace, and never widened here.`,
        place ? 'values-ambiguous' : 'values-key-missing',
      );
    }
    return {
      title: `run as service account ${known.text}`,
      edits: [place ? editOf(place, known.text) : added(known.at, known.text)],
      reason: `${now ?? 'The account'} has not the right that is needed. ${known.text} is taken ${sourceWords(known)}; no right is given to anybody.`,
      formula: null,
      warnings: [
        `See that ${known.text} exists in this namespace and has the right (kubectl auth can-i --as).`,
        ...sourceWarnings(known),
        ...(place ? sharingWarnings([place]) : []),
      ],
    };
  },

  patch: () => null,
};

function accountElsewhere(target: FixTarget): KnownValue | undefined {
  const found = accountKeys.flatMap((tail) => {
    const value = knownFor(target, [...target.prefix, ...tail]);
    return value ? [value] : [];
  });
  return found[0];
}

const secretKeys = /^(?:existingSecret|secretName|authSecret|passwordSecret|secretRef)$/;

/** `database-auth` and the like: the name of the Secret with the credentials, as it was before. */
export const credentialsFixer: Fixer = {
  needsKnown: true,
  objection: () => null,

  fix(target): Fix {
    const places = ownScalars(target).filter(
      ({ keyPath }) =>
        keyPath.slice(-2).some((part) => secretKeys.test(String(part))) || isKeyRef(keyPath),
    );
    const changed = places.flatMap((place) => {
      const known = knownFor(target, place.keyPath);
      return known?.fromHistory ? [{ place, known }] : [];
    });
    const [only, ...others] = changed;
    if (!only || others.length > 0) {
      throw refusal(
        `${others.length > 0 ? 'Several references to Secrets were changed' : 'No reference to a Secret was changed in the history of this file'}, so it was left as it is: a credential itself is never written here; see that the Secret holds the one that is valid now.`,
        places.length > 0 ? 'values-ambiguous' : 'values-key-missing',
      );
    }
    const { place, known } = only;
    return {
      title: `take credentials from ${known.text} again`,
      edits: [editOf(place, known.text)],
      reason: `The credentials are refused, and ${pathText(place.keyPath)} was changed from ${known.text} to ${textOf(place)}. It becomes ${known.text}, ${sourceWords(known)}; what is in the Secret is never touched.`,
      formula: null,
      warnings: sharingWarnings([place]),
    };
  },

  patch: () => null,
};

function isKeyRef(keyPath: KeyPath): boolean {
  return keyPath.at(-2) === 'secretKeyRef' && keyPath.at(-1) !== 'optional';
}
