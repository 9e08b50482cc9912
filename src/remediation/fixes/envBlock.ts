import { pathText, startsWith } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace, ValuesDocument } from '../yaml/valuesDocument';
import { refusal, textOf } from './edits';
import type { FixTarget } from './fix';
import { locate } from './locate';

/** Keys under which charts take variables, as a list of `name` and `value` or as a mapping. */
const blockKeys = new Set([
  ...['env', 'envs', 'envVars', 'environment', 'environmentVariables', 'extraEnv', 'extraEnvs'],
  ...['extraEnvVars', 'additionalEnv', 'envVariables', 'configEnv'],
]);

/** A block of variables. */
export interface EnvBlock {
  path: KeyPath;
  isList: boolean;
  why: string;
}

/** One variable: where it stands, and the scalars that give it its value (below a list's entry too). */
export interface EnvEntry {
  path: KeyPath;
  scalars: readonly ScalarPlace[];
}

/**
 * The block of variables of the failing container.
 * @throws the codes of {@link locate}
 */
export function envBlock(target: FixTarget): EnvBlock {
  const firsts = new Map<string, ScalarPlace>();
  for (const place of target.document.scalars()) {
    const path = blockOf(place.keyPath);
    const isNew = path && !firsts.has(pathText(path));
    if (isNew) firsts.set(pathText(path), place);
  }
  const all = [...firsts.values()].map((place) => pathText(place.keyPath));
  const { place, why } = locate(target, {
    name: 'block of environment variables',
    path: ['env'],
    ownerOf: (candidate) =>
      all.includes(pathText(candidate.keyPath))
        ? blockOf(candidate.keyPath)?.slice(0, -1)
        : undefined,
    seen: undefined,
    isSeen: () => true,
  });
  const path = blockOf(place.keyPath);
  if (!path) throw refusal('The block of variables was found and then lost.');
  const isList = typeof place.keyPath[path.length] === 'number';
  return { path, isList, why: why.replace(pathText(place.keyPath), pathText(path)) };
}

function blockOf(keyPath: KeyPath): KeyPath | undefined {
  const at = keyPath.findLastIndex((part) => typeof part === 'string' && blockKeys.has(part));
  return at >= 0 && at < keyPath.length - 1 ? keyPath.slice(0, at + 1) : undefined;
}

/** Every variable of this name in a document, in whatever block it stands. */
export function entriesOf(document: ValuesDocument, prefix: KeyPath, name: string): EnvEntry[] {
  const places = document.scalars().filter(({ keyPath }) => startsWith(keyPath, prefix));
  const found = new Map<string, EnvEntry>();
  for (const { keyPath, value } of places) {
    const block = blockOf(keyPath);
    if (!block) continue;
    const own = keyPath.slice(block.length);
    const isListed = own.length === 2 && own[1] === 'name' && value === name;
    const isMapped = own[0] === name;
    const path = isListed ? keyPath.slice(0, -1) : block.concat(name);
    if (!isListed && !isMapped) continue;
    const scalars = places.filter(
      (place) =>
        startsWith(place.keyPath, path) &&
        !(isListed && place.keyPath.length === path.length + 1 && place.keyPath.at(-1) === 'name'),
    );
    found.set(pathText(path), { path, scalars });
  }
  return [...found.values()];
}

/** How many entries a list holds. */
export function lengthOf(document: ValuesDocument, list: KeyPath): number {
  const positions = document
    .scalars()
    .filter(({ keyPath }) => startsWith(keyPath, list))
    .map(({ keyPath }) => keyPath[list.length])
    .filter((part) => typeof part === 'number');
  return Math.max(-1, ...positions) + 1;
}

/** The value of an entry without its reference, as text. */
export function plainValue({ path, scalars }: EnvEntry): ScalarPlace | undefined {
  return scalars.find(
    ({ keyPath }) =>
      keyPath.length === path.length ||
      (keyPath.length === path.length + 1 && keyPath.at(-1) === 'value'),
  );
}

/** Where an entry's value comes from, for comparing. */
export function meaningOf(entry: EnvEntry): string {
  return entry.scalars
    .map((place) => `${pathText(place.keyPath.slice(entry.path.length))}=${textOf(place)}`)
    .filter((text) => !text.startsWith('name='))
    .join(' ');
}
