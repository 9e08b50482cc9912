import { posix } from 'node:path';

import type { Place } from '../incident/incident';
import type { Attempt } from './attempt';
import { chooseRelease, setsReverted } from './chooseRelease';
import { fitOf, normalName } from './find/names';
import type { ValuesFile } from './find/valuesFiles';

export type FittingAttempt = Extract<Attempt, { kind: 'fix' }>;
export type RefusedAttempt = Extract<Attempt, { kind: 'refused' }>;

/** Which of the files that could be edited is the one. */
export type Choice =
  /** `alike` are releases that take the same text. */
  | { kind: 'one'; attempt: FittingAttempt; alike: readonly string[] }
  | { kind: 'several'; attempts: readonly FittingAttempt[] }
  | { kind: 'overridden'; attempt: FittingAttempt; by: RefusedAttempt }
  | { kind: 'none' };

/**
 * What a release of the repository takes goes before what only has the right name, and that before
 * plain manifests. A file by its name is no more than likely where a release is there and takes another.
 */
export function choose(all: readonly Attempt[], app: string, place: Place): Choice {
  const words = wordsOf(place);
  const ofKind = (kind: 'chart' | 'workload') =>
    all.filter(({ file }) => file.release?.kind === kind);
  const released = chooseRelease(ofKind('chart'), place.namespace, words);
  if (released.kind !== 'none') return released;
  const named = chooseByName(
    all.filter(({ file }) => file.release === null),
    app,
    words,
  );
  if (named.kind === 'one' && ofKind('chart').some(({ file }) => file.fit === 'same')) {
    return { kind: 'several', attempts: [named.attempt] };
  }
  if (named.kind !== 'none') return named;
  return chooseRelease(ofKind('workload'), place.namespace, words);
}

/**
 * Of the files with the highest rank the one that fits the incident's place; a person chooses where
 * several fit alike, or where only a part of the application's name fits.
 */
function chooseByName(all: readonly Attempt[], app: string, words: ReadonlySet<string>): Choice {
  const attempts = all.filter((one) => one.kind === 'fix');
  const exact = attempts.filter(({ file }) => file.fit === 'same');
  if (exact.length === 0) {
    return attempts.length > 0 ? { kind: 'several', attempts } : { kind: 'none' };
  }
  const highest = Math.max(...exact.map(({ file }) => file.rank));
  const best = exact.filter(({ file }) => file.rank === highest);
  const here = best.filter((one) => fitsPlace(one, app, words));
  const left = here.length > 0 ? here : best;
  const [only, ...others] = left;
  if (!only) return { kind: 'none' };
  if (others.length > 0) return { kind: 'several', attempts: left };
  // Its name says another environment than the incident's.
  const isElsewhere = words.size > 0 && only.file.environment !== null && here.length === 0;
  if (isElsewhere) return { kind: 'several', attempts: left };
  const by = overriding(all, only, (one) => fitsPlace(one, app, words));
  if (by) return { kind: 'overridden', attempt: only, by };
  return { kind: 'one', attempt: only, alike: [] };
}

/** The file that sets the value too, wins here over the chosen one, and was refused. */
function overriding(
  all: readonly Attempt[],
  attempt: FittingAttempt,
  fitsHere: (one: Attempt) => boolean,
): RefusedAttempt | undefined {
  const chosen = attempt.file;
  const folderOf = ({ path }: ValuesFile) => posix.dirname(path);
  return all
    .filter((one) => one.kind === 'refused')
    .find((one) => {
      const { file, setsIt } = one;
      if (!setsIt && !setsReverted(one, attempt)) return false;
      if (file.fit !== 'same' || file.rank < chosen.rank) return false;
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
      .every((part) => words.has(part));
  }
  const folders = file.path.toLowerCase().split('/').slice(0, -1);
  // The application's own folder says nothing of where it runs, even if the namespace has its name.
  return folders.some((folder) => words.has(folder) && fitOf(folder, app) === 'none');
}
