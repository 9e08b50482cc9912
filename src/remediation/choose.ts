import type { Place } from '../incident/incident';
import { fitOf, normalName } from './find/names';
import type { Attempt } from './attempt';

type FittingAttempt = Extract<Attempt, { kind: 'fix' }>;

/** Which of the files that could be edited is the one. */
export type Choice =
  | { kind: 'one'; attempt: FittingAttempt }
  | { kind: 'several'; attempts: readonly FittingAttempt[] }
  | { kind: 'none' };

/**
 * Of the files with the highest rank the one that fits the incident's place; a person chooses where
 * several fit alike, or where only a part of the application's name fits.
 */
export function choose(attempts: readonly FittingAttempt[], app: string, place: Place): Choice {
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
  return others.length === 0 ? { kind: 'one', attempt: only } : { kind: 'several', attempts: left };
}

/** `prod`, `eu` and `payments` of the context `prod-eu` and the namespace `payments`. */
function wordsOf({ namespace, context }: Place): ReadonlySet<string> {
  const names = [namespace, context].filter((name) => name !== null);
  const words = names.flatMap((name) => [name, ...name.split(/[^A-Za-z0-9]+/)]);
  return new Set(words.map((word) => word.toLowerCase()).filter((word) => word.length > 1));
}

/** True if the file's environment, or a folder on its way, is a word of the place. */
function fitsPlace({ file }: FittingAttempt, app: string, words: ReadonlySet<string>): boolean {
  if (file.environment !== null) {
    return normalName(file.environment)
      .split('-')
      .some((part) => words.has(part));
  }
  const folders = file.path.toLowerCase().split('/').slice(0, -1);
  // The application's own folder says nothing of where it runs, even if the namespace has its name.
  return folders.some((folder) => words.has(folder) && fitOf(folder, app) === 'none');
}
