import { isDeepStrictEqual } from 'node:util';

import { parseAllDocuments } from 'yaml';

import { isData } from '../../base/data';
import type { Values } from './coalesce';

/** One field of the rendered manifests that is another afterwards. */
export interface FieldChange {
  /** `Deployment web`. */
  object: string;
  path: readonly string[];
  /** Name of the container that it belongs to; null for all else. */
  container: string | null;
}

/** The objects of a rendered chart by kind, namespace and name. */
export function objectsIn(rendered: string): Map<string, Values> {
  const objects = new Map<string, Values>();
  for (const document of parseAllDocuments(rendered, { logLevel: 'silent' })) {
    const value: unknown = document.toJS();
    if (!isData(value)) continue;
    const about = isData(value['metadata']) ? value['metadata'] : {};
    const name = [value['kind'], about['namespace'], about['name']].filter(
      (part) => typeof part === 'string',
    );
    objects.set(name.join(' '), value);
  }
  return objects;
}

/** The fields in which two renderings differ; the checksums of other files do not count. */
export function changedFields(
  before: ReadonlyMap<string, Values>,
  after: ReadonlyMap<string, Values>,
): FieldChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((object) => {
    const start: FieldChange = { object, path: [], container: null };
    return differences(before.get(object), after.get(object), start).filter(
      ({ path }) => !path.some((part) => part.startsWith('checksum/')),
    );
  });
}

function differences(before: unknown, after: unknown, at: FieldChange): FieldChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  // What is new as a whole counts by its own fields.
  const lists = [before ?? [], after ?? []];
  if (lists.every((list) => Array.isArray(list))) {
    const [old = [], now = []]: unknown[][] = lists;
    return Array.from({ length: Math.max(old.length, now.length) }, (_, index) =>
      differences(old[index], now[index], entryAt(at, index, now[index] ?? old[index])),
    ).flat();
  }
  const [old, now] = [before ?? {}, after ?? {}];
  if (!isData(old) || !isData(now)) return [at];
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...keys].flatMap((key) =>
    differences(old[key], now[key], { ...at, path: [...at.path, key] }),
  );
}

function entryAt(at: FieldChange, index: number, entry: unknown): FieldChange {
  const isContainer = /^(?:initC|c)ontainers$/.test(at.path.at(-1) ?? '');
  const name = isContainer && isData(entry) ? entry['name'] : undefined;
  const container = typeof name === 'string' ? name : at.container;
  return { ...at, path: [...at.path, String(index)], container };
}

/** Every container that a rendering names. */
export function containersIn(objects: ReadonlyMap<string, Values>): ReadonlySet<string> {
  const all = changedFields(new Map(), objects);
  return new Set(all.flatMap(({ container }) => container ?? []));
}

/** `Deployment web: spec.template.spec.containers.0.resources.limits.memory`. */
export function fieldText({ object, path }: FieldChange): string {
  return `${object}: ${path.join('.')}`;
}
