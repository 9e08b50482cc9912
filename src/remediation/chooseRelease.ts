import type { Attempt } from './attempt';
import type { Choice, FittingAttempt, RefusedAttempt } from './choose';
import type { ReleaseUse, ValuesFile } from './find/valuesFiles';

/** What one release comes to: the place that decides the value, or what stands over it. */
interface Group {
  use: ReleaseUse;
  fit: ValuesFile['fit'];
  attempt: FittingAttempt | undefined;
  by: RefusedAttempt | undefined;
}

/**
 * In each release the first place that sets the value decides. Of several releases the one that the
 * object's labels name, that runs in its namespace, or whose words are the place's; else a person says.
 * @param words names of the incident's namespace and cluster, in lower case
 */
export function chooseRelease(
  all: readonly Attempt[],
  namespace: string | null,
  words: ReadonlySet<string>,
): Choice {
  const groups = groupsOf(all);
  const named = groups.filter(({ use }) => use.identity === 'named');
  const told = named.length > 0 ? named : groups;
  const inNamespace = preferred(
    told,
    ({ use }) => namespace !== null && use.namespace === namespace,
  );
  const possible = preferred(inNamespace, ({ use }) => mayRunIn(use, namespace));
  const here = preferred(
    possible.filter(({ attempt, by }) => attempt ?? by),
    ({ use }) => use.words.some((word) => words.has(word.toLowerCase())),
  );
  const fitting = here.flatMap(({ attempt, by }) => (attempt && !by ? [attempt] : []));
  const places = distinctPlaces(fitting);
  const [only, ...others] = places;
  if (only) {
    const isCertain = here.some(
      ({ use, fit }) => fit === 'same' && (use.identity === 'named' || mayRunIn(use, namespace)),
    );
    if (others.length > 0 || !isCertain) return { kind: 'several', attempts: places };
    return { kind: 'one', attempt: only, alike: titlesBeside(groups, only) };
  }
  const [overridden] = here.filter(({ attempt, by }) => attempt && by);
  if (overridden?.attempt && overridden.by) {
    return { kind: 'overridden', attempt: overridden.attempt, by: overridden.by };
  }
  return { kind: 'none' };
}

function groupsOf(all: readonly Attempt[]): Group[] {
  const titles = new Map<string, Attempt[]>();
  for (const one of all) {
    const key = `${one.file.root}\n${one.file.release?.id ?? ''}`;
    titles.set(key, [...(titles.get(key) ?? []), one]);
  }
  return [...titles.values()].flatMap((attempts) => groupOf(attempts) ?? []);
}

function groupOf(given: readonly Attempt[]): Group | undefined {
  const order = ({ file }: Attempt) => file.release?.order ?? 0;
  const attempts = given.toSorted((one, other) => order(one) - order(other));
  const [first] = attempts;
  const use = first?.file.release;
  if (!first || !use) return undefined;
  const { fit } = first.file;
  const fixes = attempts.filter((one) => one.kind === 'fix');
  // A key that would be added counts only where no other place sets it.
  const attempt = fixes.find(setsAlready) ?? fixes[0];
  const by = attempts
    .filter((one) => one.kind === 'refused')
    .find(
      (one) =>
        (one.setsIt || (attempt && setsReverted(one, attempt))) &&
        (!attempt || !setsAlready(attempt) || order(one) < order(attempt)),
    );
  return { use, fit, attempt, by };
}

/** True for a file that sets what the revert of another one puts back. */
export function setsReverted(one: RefusedAttempt, { file, fix }: FittingAttempt): boolean {
  if (fix.reverts === undefined || file.mounts) return false;
  return fix.edits.some(({ keyPath }) => one.sets(keyPath.slice(file.prefix.length)));
}

function setsAlready({ fix }: FittingAttempt): boolean {
  return fix.edits.some(({ before }) => before !== null);
}

function mayRunIn({ namespace: own, identity }: ReleaseUse, namespace: string | null): boolean {
  return identity !== 'other' && (namespace === null || own === null || own === namespace);
}

/** Those that fit, if there are any. */
function preferred(groups: readonly Group[], fits: (group: Group) => boolean): readonly Group[] {
  const fitting = groups.filter(fits);
  return fitting.length > 0 ? fitting : groups;
}

function distinctPlaces(attempts: readonly FittingAttempt[]): FittingAttempt[] {
  return attempts.filter(
    (one, index) => attempts.findIndex(({ file }) => samePlace(file, one.file)) === index,
  );
}

function samePlace(one: ValuesFile, other: ValuesFile): boolean {
  const placeOf = ({ root, path, document, prefix, mounts }: ValuesFile) =>
    JSON.stringify([root, path, document ?? 0, prefix, mounts]);
  return placeOf(one) === placeOf(other);
}

/** Other releases that take the same text. */
function titlesBeside(groups: readonly Group[], { file }: FittingAttempt): string[] {
  return groups
    .filter(({ attempt }) => attempt && samePlace(attempt.file, file))
    .map(({ use }) => use.title)
    .filter((title) => title !== file.release?.title);
}
