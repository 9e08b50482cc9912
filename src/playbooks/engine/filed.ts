import { isGeneric } from './names';
import { workloadOf } from './objects';
import type { Reading } from '../read/reading';

/**
 * The application whose log each source is, where the name of its file names a workload, or a pod of
 * it, that the platform's output shows: `cart` for `logs/cart-previous.log` beside a pod `cart-0`.
 */
export function filedApps({ picture, lines }: Reading): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const pod of picture.pods) {
    const own = workloadOf(pod);
    names.set(pod.name, own);
    names.set(own, own);
  }
  // A row that is cut names nobody.
  names.delete('');
  const longestFirst = [...names].sort(([left], [right]) => right.length - left.length);
  const filed = new Map<string, string>();
  for (const source of new Set(lines.map((line) => line.source))) {
    const base = ` ${source.split(/[\\/]/).at(-1) ?? ''} `;
    const named = longestFirst.filter(([name]) => isIn(base, name));
    const [first] = named;
    // Of two workloads whose names stand in it, one is only what it is about.
    const others = named.filter(([name, app]) => app !== first?.[1] && !first?.[0].includes(name));
    if (first && others.length === 0 && (!isGeneric(first[1]) || isWhole(base, first[0])))
      filed.set(source, first[1]);
  }
  return filed;
}

/** With its own ends: `cart` is in `logs-cart.txt`, and not in `carton.log`. */
function isIn(base: string, name: string): boolean {
  for (let at = base.indexOf(name); at >= 0; at = base.indexOf(name, at + 1)) {
    if (/[^a-z0-9]/i.test(base[at - 1] ?? '') && /[^a-z0-9]/i.test(base[at + name.length] ?? ''))
      return true;
  }
  return false;
}

/** Besides the name stand only words and numbers that say which log of it this is. */
function isWhole(base: string, name: string): boolean {
  const words = base
    .replace(name, ' ')
    .trim()
    .split(/[^a-z0-9]+/i)
    .filter(Boolean);
  return words.every((word) => isGeneric(word) || /^(?:\d.*|logs?|txt|gz|\d+)$/i.test(word));
}
