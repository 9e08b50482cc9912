import { isData } from '../../base/data';
import type { Data } from '../../base/data';

/** What stands at a path of keys and positions; undefined where it ends before. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const part of path) {
    if (typeof part === 'number')
      here = Array.isArray(here) ? (here as unknown[])[part] : undefined;
    else here = isData(here) && Object.hasOwn(here, part) ? here[part] : undefined;
  }
  return here;
}

/** The text at a path; of numbers too, since an unquoted name may look like one. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' ? String(found) : null;
}

/** The mapping at a path; an empty one where there is none. */
export function dataAt(value: unknown, ...path: readonly (string | number)[]): Data {
  const found = at(value, ...path);
  return isData(found) ? found : {};
}

/** The list at a path; an empty one where there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}

/** The texts of the list at a path. */
export function textsAt(value: unknown, ...path: readonly (string | number)[]): string[] {
  return listAt(value, ...path).filter((item) => typeof item === 'string');
}
