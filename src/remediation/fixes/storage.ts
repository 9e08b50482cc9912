import { pathText, startsWith } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import { divideUp, formatMemory, parseMemory } from '../quantity';
import { editOf, hole, refusal, sharingWarnings, textOf } from './edits';
import { locateKeys, ownScalars } from './find';
import type { Fixer } from './fix';
import { knownFor, sourceWarnings, sourceWords } from './known';
import { locate } from './locate';

const classKeys: readonly KeyPath[] = [['storageClass'], ['storageClassName']];
const sizeKeys: readonly KeyPath[] = [
  ['persistence', 'size'],
  ['storage', 'size'],
  ['volume', 'size'],
  ['resources', 'requests', 'storage'],
];
const gibi = 1n << 30n;

/** `volume-unbound`: a StorageClass that exists, for a claim that was never bound. */
export const storageClassFixer: Fixer = {
  needsKnown: true,
  objection: ({ storageClass }) =>
    storageClass
      ? null
      : 'The evidence names no StorageClass that is missing, so its name is not what is wrong.',

  fix(target) {
    const { facts } = target;
    const seen = facts.storageClass?.value;
    const { place, why } = locate(target, {
      name: 'StorageClass',
      path: ['persistence', 'storageClass'],
      ownerOf: ({ keyPath }) => (isClass(keyPath) ? volumeOwner(keyPath) : undefined),
      seen,
      isSeen: (candidate) => textOf(candidate) === seen,
    });
    const known = knownFor(target, place.keyPath);
    const usual = facts.defaultStorageClass?.value;
    const name = usual ?? known?.text;
    const source = usual ? 'which the cluster takes by default' : known ? sourceWords(known) : '';
    const edit =
      name === undefined
        ? hole(place.keyPath, place, 'a StorageClass that exists')
        : editOf(place, name);
    return {
      title: name === undefined ? 'name a StorageClass that exists' : `use StorageClass ${name}`,
      edits: [edit],
      reason: `The class ${textOf(place)} does not exist, so the claim is never bound; ${why}. ${name === undefined ? 'No class that exists is known here: type one (kubectl get storageclass).' : `It becomes ${name}, ${source}.`}`,
      formula: null,
      warnings: [
        'The class of a claim cannot be changed in place. This one was never bound and holds no data: delete it (kubectl delete pvc <claim>) so that it is made again; for a StatefulSet delete that too, with --cascade=orphan, since its claim templates cannot be changed either.',
        ...(usual || !known ? [] : sourceWarnings(known)),
        ...sharingWarnings([place]),
      ],
    };
  },

  patch: () => null,
};

function isClass(keyPath: KeyPath): boolean {
  return classKeys.some(([key]) => keyPath.at(-1) === key);
}

/** `persistence`, `spec` or a claim template around it belongs to the volume, not to another container. */
function volumeOwner(keyPath: KeyPath): KeyPath {
  const at = keyPath.findIndex((part) =>
    /^(?:persistence|storage|volume|pvc|data)/i.test(`${part}`),
  );
  return keyPath.slice(0, at < 0 ? -1 : at);
}

/** `disk-full`: a larger claim, where the full path is the one that it is mounted at. */
export const volumeSizeFixer: Fixer = {
  objection: ({ path }) =>
    path
      ? null
      : 'The evidence does not say which file system is full, so no volume is made larger for it.',

  fix(target) {
    const full = target.facts.path?.value ?? '';
    const mounted = ownScalars(target).filter(
      ({ keyPath, value }) =>
        /^(?:mountPath|path|dataDir)$/.test(String(keyPath.at(-1))) &&
        typeof value === 'string' &&
        value !== '/' &&
        (full === value || full.startsWith(`${value.replace(/\/$/, '')}/`)),
    );
    if (mounted.length === 0) {
      throw refusal(
        `No volume of the file is mounted at ${full}, so what is full is the node's disk or another volume; the file was left as it is.`,
      );
    }
    const { place, why } = locateKeys(target, { name: 'size of the volume', tails: sizeKeys });
    const volume = place.keyPath.slice(0, place.keyPath.at(-1) === 'storage' ? -3 : -1);
    if (!mounted.some(({ keyPath }) => startsWith(keyPath, volume))) {
      throw refusal(
        `${full} is mounted at ${pathText(mounted[0]?.keyPath ?? [])}, which is not certainly the volume of ${pathText(place.keyPath)}; the file was left as it is.`,
      );
    }
    const { bytes, suffix } = parseMemory(textOf(place));
    const value = formatMemory(divideUp(divideUp(bytes * 3n, 2n), gibi) * gibi, suffix);
    return {
      title: `grow volume to ${value}`,
      edits: [editOf(place, value)],
      reason: `${full} is full, which is this volume; ${why}.`,
      formula: `size x 1.5 = ${textOf(place)} x 1.5, rounded up to 1Gi = ${value}`,
      warnings: [
        'A claim grows in place only where its StorageClass has allowVolumeExpansion, and never shrinks again.',
        'The claim template of a StatefulSet cannot be changed in place: grow each claim (kubectl patch pvc), delete the StatefulSet with --cascade=orphan, and let the release make it again.',
        'If what fills it grows without bound, a larger volume only buys time.',
        ...sharingWarnings([place]),
      ],
    };
  },

  patch: () => null,
};

/** `ephemeral-storage-evicted`: the limit that was exceeded. */
export const ephemeralFixer: Fixer = {
  objection: () => null,

  fix(target) {
    const seen = target.facts.storageLimit?.value;
    const tails = [['resources', 'limits', 'ephemeral-storage'], ['sizeLimit']];
    const { place, why } = locate(target, {
      name: 'limit of ephemeral storage',
      path: ['resources', 'limits', 'ephemeral-storage'],
      ownerOf: ({ keyPath }) => storageOwner(keyPath, tails),
      seen,
      isSeen: (candidate) => sameBytes(textOf(candidate), seen ?? ''),
    });
    const { bytes, suffix } = parseMemory(textOf(place));
    const value = formatMemory(bytes * 2n, suffix);
    return {
      title: `raise ${pathText(place.keyPath.slice(-1))} to ${value}`,
      edits: [editOf(place, value)],
      reason: `The pod was evicted because it wrote more than ${textOf(place)} to the node's disk; ${why}.`,
      formula: `limit x 2 (what it wrote at most is unknown) = ${textOf(place)} x 2 = ${value}`,
      warnings: [
        'If what it writes grows without bound (logs, temporary files), a higher limit only buys time: bound it first.',
        'The node must have that much free; its request, where it is set, stays.',
        ...sharingWarnings([place]),
      ],
    };
  },

  patch: ({ storageLimit }) =>
    storageLimit
      ? `resources:\n  limits:\n    ephemeral-storage: ${doubled(storageLimit.value)}\n`
      : null,
};

/** The limit stands under a container; of an emptyDir the list of volumes belongs to the pod. */
function storageOwner(keyPath: KeyPath, tails: readonly KeyPath[]): KeyPath | undefined {
  const tail = tails.find((each) => each.every((key, at) => keyPath.at(at - each.length) === key));
  if (!tail) return undefined;
  const at = keyPath.findIndex((part) =>
    /volumes?$|emptyDir|tmp|cache|scratch/i.test(String(part)),
  );
  return tail.length === 1 && at >= 0 ? keyPath.slice(0, at) : keyPath.slice(0, -tail.length);
}

function sameBytes(one: string, other: string): boolean {
  return parseMemory(one).bytes === parseMemory(other).bytes;
}

function doubled(text: string): string {
  const { bytes, suffix } = parseMemory(text);
  return formatMemory(bytes * 2n, suffix);
}
