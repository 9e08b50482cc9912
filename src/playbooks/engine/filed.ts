import { appOfPod } from '../read/picture';
import type { Reading } from '../read/reading';

/**
 * The application whose log each source is, where the name of its file names a workload, or a pod of
 * it, that the platform's output shows: `cart` for `logs/cart-previous.log` beside a pod `cart-0`.
 */
export function filedApps({ picture, lines }: Reading): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, app } of picture.pods) {
    const own = app ?? appOfPod(name);
    names.set(name, own);
    names.set(own, own);
  }
  const longestFirst = [...names].sort(([left], [right]) => right.length - left.length);
  const filed = new Map<string, string>();
  for (const source of new Set(lines.map((line) => line.source))) {
    const base = ` ${source.split(/[\\/]/).at(-1) ?? ''} `;
    const named = longestFirst.find(([name]) => isIn(base, name));
    if (named) filed.set(source, named[1]);
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
