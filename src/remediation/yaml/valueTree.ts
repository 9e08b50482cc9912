import type { KeyPath } from './keyPath';

/**
 * Sets a value in a parsed document (`Map`s and arrays); what is missing on the way is made, a list
 * where the next part is a position.
 * @returns the root, which is another one where there was none
 */
export function setIn(tree: unknown, path: KeyPath, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const list: unknown[] = Array.isArray(tree) ? tree : [];
    list[part] = setIn(list[part], rest, value);
    return list;
  }
  const map: Map<unknown, unknown> = tree instanceof Map ? tree : new Map();
  map.set(part, setIn(map.get(part), rest, value));
  return map;
}

/** The same with plain objects in place of `Map`s, as JSON has them. */
export function plainOf(tree: unknown): unknown {
  if (tree instanceof Map) {
    return Object.fromEntries([...tree].map(([key, value]) => [String(key), plainOf(value)]));
  }
  return Array.isArray(tree) ? tree.map(plainOf) : tree;
}

/** What stands at a path; undefined where there is nothing. */
export function getIn(tree: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (inner instanceof Map) return inner.get(String(part));
    return Array.isArray(inner) && typeof part === 'number' ? inner[part] : undefined;
  }, tree);
}
