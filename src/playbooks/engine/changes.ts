import type { LogLine } from '../read/logLine';
import { appOfPod } from '../read/picture';
import type { Reading } from '../read/reading';
import { isoOf } from '../read/time';
import { isWell } from './health';
import type { Weighed } from './hypotheses';
import { differencesOf, wordsOf } from './siblings';
import { complains } from './complaint';

const dayMs = 86_400_000;
/** Ages are printed in whole seconds or minutes: what follows at once may have come before. */
const coarse = 60_000;
const mostOfAKind = 4;
/** So many lines before the first failure are searched for the last healthy one. */
const lookBack = 2000;

/** Reasons of events by which controllers tell that they changed something. */
const changing =
  /^(?:ScalingReplicaSet|SuccessfulRescale|DeploymentRollback|RollingUpdate|Upgrade\w*|HelmUpgrade\w*|OperationCompleted|OperationStarted|ReconciliationSucceeded|NodeNotSchedulable|SuccessfulUpdate)$/;

/** What programs, shells and deployers print when something is changed. */
const deployed =
  /\b(?:deploy(?:ed|ing)|roll(?:ed|ing) (?:out|back)|upgrad(?:ed|ing)|applied|applying|reload(?:ed|ing)|switched|rotated|enabled|changed)\b[^.]{0,60}\b(?:version|release|revision|config\w*|certificates?|credentials?|secrets?|flags?|features?|migrations?|image|chart)\b|\b(?:configuration|config|feature flag|flag) \S{0,60} ?(?:reloaded|changed|updated|enabled|disabled|set to)\b|\bhelm upgrade\b|\bkubectl (?:apply|set|rollout|edit|patch)\b|\bnew (?:release|revision) \S*\d/i;

const banner =
  /\b(?:starting|started|booting|start)\b[^\n]{0,60}?\bv?(\d+\.\d+\.\d+(?:[-+][\w.]+)?)\b|\bv?(\d+\.\d+\.\d+(?:[-+][\w.]+)?) (?:starting|started|booting|ready)\b/i;

/** Says that nothing changed, in place of a list of changes. */
const nothing = 'Nothing is seen to have changed';

/**
 * What changed before the first failure, newest first, as the evidence shows it: rollouts, changes
 * that logs tell of, and in what failing pods differ from healthy ones. Where a healthy moment
 * before the failure was seen and nothing in between, one sentence that says so; empty where the
 * evidence does not reach back to it.
 */
export function changesIn(reading: Reading, best: Weighed, app: string | null): string[] {
  const changes = [
    ...rollouts(reading, best.began, app),
    ...told(reading, best),
    ...(app === null ? [] : differencesOf(reading.picture, app).map(wordsOf)),
  ];
  if (changes.length > 0 || !reading.complete) return changes;
  const [healthy, failed] = lastHealthy(reading, best) ?? [];
  return healthy && failed
    ? [`${nothing} between ${healthy} (healthy) and ${failed} (failing).`]
    : [];
}

/** The evidence's changes and the repository's; that nothing changed holds only where both say so. */
export function joinChanges(
  evidence: readonly string[],
  commits: readonly string[],
): readonly string[] {
  const seen = commits.length > 0 ? evidence.filter((each) => !each.startsWith(nothing)) : evidence;
  return [...commits, ...seen];
}

function rollouts(
  { picture, timeline }: Reading,
  onset: number | null,
  app: string | null,
): string[] {
  return picture.events
    .filter(({ reason, object }) => changing.test(reason) && isOf(object, app))
    .map((event) => ({ event, time: timeline.timeOf(event.citation) }))
    .filter(
      ({ time }) =>
        time === null || onset === null || (time <= onset + coarse && time > onset - dayMs),
    )
    .sort((left, right) => (right.time ?? 0) - (left.time ?? 0))
    .slice(0, mostOfAKind)
    .map(({ event, time }) => [stampOf(time), event.message].filter(Boolean).join(' '));
}

function isOf(object: string | null, app: string | null): boolean {
  return app === null || object === null || appOfPod(object) === app;
}

/** What the log that fails tells of changes before its first failure, and another version. */
function told(reading: Reading, best: Weighed): string[] {
  const first = firstFailure(reading, best);
  if (!first) return [];
  const found: string[] = [];
  let version: string | null = null;
  for (const line of reading.lines.slice(startOf(reading, first), first.order)) {
    if (line.kind !== 'log' || line.message.length > 1000 || complains(line)) continue;
    const stated = banner.exec(line.message)?.slice(1).find(Boolean) ?? null;
    const isOther = stated !== null && version !== null && stated !== version;
    if (isOther) found.push(`${stampOfLine(reading, line)}version ${version} became ${stated}`);
    else if (deployed.test(line.message)) found.push(line.text.trim().slice(0, 200));
    version = stated ?? version;
  }
  return found.slice(-mostOfAKind).reverse();
}

/** The first line of a log that shows the failure. */
function firstFailure({ lines }: Reading, { findings }: Weighed): LogLine | null {
  const orders = findings.filter(({ fromLog }) => fromLog).map(({ order }) => order);
  return lines[Math.min(...orders)] ?? null;
}

function startOf({ lines }: Reading, { source, order }: LogLine): number {
  let start = order;
  while (start > 0 && order - start < lookBack && lines[start - 1]?.source === source) start--;
  return start;
}

/** When the program was last seen to work before it first failed, and when it failed. */
function lastHealthy(reading: Reading, best: Weighed): [string, string] | null {
  const first = firstFailure(reading, best);
  if (!first) return null;
  const before = reading.lines.slice(startOf(reading, first), first.order);
  const healthy = before.findLast(
    (line) => line.kind === 'log' && isWell(line) && !complains(line),
  );
  if (!healthy) return null;
  const [well, failed] = [healthy, first].map((line) => stampOfLine(reading, line).trim());
  return well && failed ? [well, failed] : null;
}

function stampOfLine({ timeline }: Reading, line: LogLine): string {
  const { source, number, text, order } = line;
  const stamp = stampOf(timeline.timeOf({ source, line: number, text }, order));
  return stamp === '' ? '' : `${stamp} `;
}

/** Nothing for a time that only compares; those lie before 0. */
function stampOf(time: number | null): string {
  const iso = time !== null && time > 0 ? isoOf(time) : null;
  return iso === null ? '' : `${iso.slice(0, 19)}Z`;
}
