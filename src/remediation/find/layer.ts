import { startsWith } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';

/** A piece of a file that stands for a piece of something else. */
export interface Mount {
  /** Where it counts: in the values of a release, or in a Kubernetes object. */
  at: KeyPath;
  /** Where it stands in the file; goes on inside a string that holds YAML. */
  path: KeyPath;
}

/** A part of a file that sets some of an object or of a release's values. */
export interface Layer {
  /** Relative to the root, with `/`. */
  path: string;
  /** Position of the YAML document in the file; undefined for a values file, of which the first counts. */
  document: number | undefined;
  mounts: readonly Mount[];
}

/** Something that sets values too and cannot be read or is never edited; in words. */
export interface Gap {
  gap: string;
}

/** True for what cannot be edited. */
export function isGap(source: Layer | Gap): source is Gap {
  return 'gap' in source;
}

/** True for what has a place in a file. */
export function isLayer(source: Layer | Gap): source is Layer {
  return 'mounts' in source;
}

/** A layer that is all of a document, or all that stands at one place in it. */
export function layerOf(path: string, document?: number, place: KeyPath = []): Layer {
  return { path, document, mounts: [{ at: [], path: place }] };
}

/** The part of a layer that counts at `key` and below, as a layer of its own; undefined if there is none. */
export function partOf(layer: Layer, key: KeyPath): Layer | undefined {
  const mounts = layer.mounts.flatMap(({ at, path }): Mount[] => {
    if (startsWith(key, at)) return [{ at: [], path: [...path, ...key.slice(at.length)] }];
    return startsWith(at, key) ? [{ at: at.slice(key.length), path }] : [];
  });
  return mounts.length > 0 ? { ...layer, mounts } : undefined;
}

/** True if both are the same part of the same file. */
export function sameLayer(one: Layer, other: Layer): boolean {
  return (
    one.path === other.path &&
    one.document === other.document &&
    JSON.stringify(one.mounts) === JSON.stringify(other.mounts)
  );
}
