import type { KeyPath } from '../yaml/keyPath';
import type { Gap, Layer, Mount } from './layer';

/** One use of a chart, or one workload, as the repository declares it. */
export interface Release {
  /** For people: "Argo CD Application shop (apps/shop.yaml)". */
  title: string;
  /** What the running object's labels would name; null where it cannot be told. */
  names: { release: string | null; argoApplication: string | null; fluxRelease: string | null };
  /** Where it runs, as far as the repository says. */
  namespace: string | null;
  /** Folder that brings it, where it is one that others may deploy; else null. */
  folder: string | null;
  /** Environment, cluster and folder names around it. */
  words: readonly string[];
  /** Null for a workload that no chart makes. */
  chart: { name: string; folder: string | null } | null;
  /** What sets its values, what wins first. */
  layers: readonly (Layer | Gap)[];
}

/** The keys of a path as `--set` and Argo CD's parameters write it: `a.b\.c[0]`. */
export function keysOfSetting(name: string): KeyPath {
  return [...name.matchAll(/((?:\\.|[^.[\]\\])+)|\[(\d+)\]/g)].map(([, key, position]) =>
    position === undefined ? (key ?? '').replace(/\\(.)/g, '$1') : Number(position),
  );
}

/** Of mounts for one and the same place the last one counts. */
export function lastOfEach(mounts: readonly Mount[]): Mount[] {
  return [...new Map(mounts.map((mount) => [JSON.stringify(mount.at), mount])).values()];
}

/** The words of names such as `prod-eu/shop`. */
export function wordsIn(...names: readonly (string | null)[]): string[] {
  return names.flatMap((name) => (name ?? '').split(/[^A-Za-z0-9]+/)).filter((word) => word !== '');
}
