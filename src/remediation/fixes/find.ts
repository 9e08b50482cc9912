import type { KeyPath } from '../yaml/keyPath';
import { endsWith } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import type { FixTarget } from './fix';
import { locate } from './locate';
import type { LocatedSetting } from './locate';

/** What is looked for: its name in sentences, and the key paths that charts give it, usual one first. */
export interface Keys {
  name: string;
  tails: readonly KeyPath[];
}

/** The scalar that decides a setting which charts write under one of several keys. */
export function locateKeys(
  target: FixTarget,
  { name, tails }: Keys,
  seen?: string,
  isSeen: (place: ScalarPlace) => boolean = () => true,
): LocatedSetting {
  const ownerOf = ownerBelow(tails);
  return locate(target, { name, path: tails[0] ?? [name], ownerOf, seen, isSeen });
}

/** The key path without the longest of the tails that it ends with. */
export function ownerBelow(tails: readonly KeyPath[]) {
  const longestFirst = tails.toSorted((one, other) => other.length - one.length);
  return ({ keyPath }: ScalarPlace): KeyPath | undefined => {
    const tail = longestFirst.find((each) => endsWith(keyPath, each));
    return tail && keyPath.slice(0, -tail.length);
  };
}

/** The scalars of the application with one of these keys. */
export function placesOf(target: FixTarget, tails: readonly KeyPath[]): ScalarPlace[] {
  return ownScalars(target).filter(({ keyPath }) => tails.some((tail) => endsWith(keyPath, tail)));
}

/** The scalars that stand where the application's values do. */
export function ownScalars({ document, prefix }: FixTarget): ScalarPlace[] {
  return document.scalars(prefix);
}
