import { posix } from 'node:path';

import type { Place } from '../incident/incident';
import { fitOf, normalName } from './find/names';
import type { ValuesFile } from './find/valuesFiles';
import type { Attempt } from './attempt';

type FittingAttempt = Extract<Attempt, { kind: 'fix' }>;
type RefusedAttempt = Extract<Attempt, { kind: 'refused' }>;

/** Which of the files that could be edited is the one. */
export type Choice =
  | { kind: 'one'; attempt: FittingAttempt }
  | { kind: 'several'; attempts: readonly FittingAttempt[] }
  | { kind: 'overridden'; attempt: FittingAttempt; by: RefusedAttempt }
  | { kind: 'none' };

/**
 * Of the files with the highest rank the one that fits the incident's place; a person chooses where
 * several fit alike, or where only a part of the application's name fits.
 */
export function choose(all: readonly Attempt[], app: string, place: Place): Choice {
  const attempts = all.filter((one) => one.kind === 'fix');
  const exact = attempts.filter(({ file }) => file.fit === 'same');
  if (exact.length === 0) {
    return attempts.length > 0 ? { kind: 'several', attempts } : { kind: 'none' };
  }
  const highest = Math.max(...exact.map(({ file }) => file.rank));
  const best = exact.filter(({ file }) => file.rank === highest);
  const words = wordsOf(place);
  const here = best.filter((one) => fitsPlace(one, app, words));
  const left = here.length > 0 ? here : best;
  const [only, ...others] = left;
  if (!only) return { kind: 'none' };
  if (others.length > 0) return { kind: 'several', attempts: left };
  const by = overriding(all, only, (one) => fitsPlace(one, app, words));
  return by ? { kind: 'overridden', attempt: only, by } : { kind: 'one', attempt: only };
}

/** The file that sets the value too, wins here over the chosen one, and was refused. */
function overriding(
  all: readonly Attempt[],
  { file: chosen }: FittingAttempt,
  fitsHere: (one: Attempt) => boolean,
): RefusedAttempt | undefined {
  const folderOf = ({ path }: ValuesFile) => posix.dirname(path);
  return all
    .filter((one) => one.kind === 'refused')
    .find((one) => {
      const { file, setsIt } = one;
      if (!setsIt || file.fit !== 'same' || file.rank < chosen.rank) return false;
      if (fitsHere(one)) return file.rank > chosen.rank || chosen.environment === null;
      const alike = all.filter((other) => other.file.rank === file.rank);
      const forAll = alike.every((other) => folderOf(other.file) === folderOf(file));
      return file.rank > chosen.rank && file.environment === null && forAll;
    });
}

/** `prod`, `eu` and `payments` of the context `prod-eu` and the namespace `payments`. */
function wordsOf({ namespace, context }: Place): ReadonlySet<string> {
  const names = [namespace, context].filter((name) => name !== null);
  const words = names.flatMap((name) => [name, ...name.split(/[^A-Za-z0-9]+/)]);
  return new Set(words.map((word) => word.toLowerCase()).filter((word) => word.length > 1));
}

/** True if the file's environment, or a folder on its way, is a word of the place. */
function fitsPlace({ file }: Attempt, app: string, words: ReadonlySet<string>): boolean {
  if (file.environment !== null) {
    return normalName(file.environment)
      .split('-')
      .some((part) => words.has(part));
  }
  const folders = file.path.toLowerCase().split('/').slice(0, -1);
  // The application's own folder says nothing of where it runs, even if the namespace has its name.
  return folders.some((folder) => words.has(folder) && fitOf(folder, app) === 'none');
}
