import { isFine, isHealthy, type Condition, type Pod } from '../read/picture';
import { isFailure } from '../read/level';
import type { LogLine } from '../read/logLine';
import type { Reading } from '../read/reading';
import { complains, warnsInVain } from './complaint';
import { citationOf } from './findings';
import { isGood, isWell } from './health';
import { wasOvercome } from './overcome';
import { answeredElsewhere, isBehind, isUnresolved } from './recovery';
import { standingTrouble } from './standing';
import { voicesIn } from './voice';
import type { Citation } from '../../incident/evidence';
import type { Hit } from './search';

/** So many of them are no accident. */
const manyWarnings = 3;

/** Matches behind which an earlier complaint is history. */
const settles: ReadonlySet<string> = new Set(['got-over', 'recovery', 'provoked']);

/**
 * Lines that show that something is wrong, though not what: the log ends in trouble, or a pod is
 * not well. Empty for healthy evidence.
 */
export function troubleIn(reading: Reading, hits: readonly Hit[]): Citation[] {
  return [
    ...reading.picture.pods.filter((pod, _, pods) => !isFine(pod, pods)).map(signOf),
    ...reading.picture.pods.flatMap((pod) => recentDeaths(pod, reading.picture.latest)),
    ...reading.picture.events
      .filter((event) => event.type === 'Warning' && !event.over)
      .map((event) => event.citation),
    ...reading.picture.starts.map((starts) => starts.citation),
    ...reading.picture.lacking.map((workload) => workload.citation),
    ...reading.picture.conditions.filter(isUnwell).map((condition) => condition.citation),
    ...reading.picture.offline.map((service) => service.citation),
    ...standingTrouble(reading.lines),
    ...troubleInLogs(reading.lines, hits),
  ];
}

const wanted = /^(?:Ready|Available|Synced|Healthy|Established)$/;
const unwanted = /^(?:NotReady|Failed|Degraded|Stalled|ReplicaFailure)$/;

/** A controller says of an object, whatever its kind, that it is not as it should be. */
export function isUnwell({ type, status, reason }: Condition): boolean {
  if (reason === 'PodCompleted') return false;
  return wanted.test(type) ? status === 'False' : unwanted.test(type) && status === 'True';
}

/** After this time a restart is history. */
const recentSeconds = 6 * 3600;

/** The exit code of a program that ended on SIGTERM, which is how everybody stops one. */
const asksToEnd = 143;

/** Ends of a container that runs again, unless they were long ago. */
function recentDeaths(pod: Pod, latest: number | null): Citation[] {
  return pod.containers.flatMap((container) => {
    const { lastState, restarts, restartedAgo } = container;
    if (restartedAgo !== null) {
      return restartedAgo < recentSeconds && restarts ? [restarts.citation] : [];
    }
    if (!lastState?.exitCode || lastState.exitCode.value === 0) return [];
    const { finishedAt } = lastState;
    const asked = lastState.exitCode.value === asksToEnd && (restarts?.value ?? 0) <= 1;
    const old =
      latest !== null && finishedAt !== null && latest - finishedAt > recentSeconds * 1000;
    return old || (asked && isHealthy(pod)) ? [] : [lastState.exitCode.citation];
  });
}

function signOf(pod: Pod): Citation {
  const terminated = pod.containers.find((container) => container.state?.exitCode?.value);
  return (
    terminated?.state?.exitCode?.citation ??
    (pod.status?.value === 'Running' ? pod.ready?.citation : pod.status?.citation) ??
    pod.citation
  );
}

/** What firmware and devices complain of while a machine starts. */
const bootNoise =
  /\b(?:udevd?|kernel|dbus(?:-daemon)?|systemd-(?:udevd|modules-load))\b.{0,40}(?:Failed to open device node|Could not resolve symbol|Failed to find module|Operation not supported)/i;

function isBootNoise({ text }: LogLine): boolean {
  return bootNoise.test(text.slice(0, 400));
}

/** systemd’s words for a machine that came up. */
const machineIsUp =
  /^Startup finished in \d|^Reached target (?:multi-user|graphical|Multi-User|Graphical)/;

function troubleInLogs(lines: readonly LogLine[], hits: readonly Hit[]): Citation[] {
  const settled = new Set(
    hits
      .filter((hit) => settles.has(hit.pattern.use.kind) && isGood(hit, lines))
      .map((hit) => hit.index),
  );
  const said = lines.filter((line) => line.message.trim() !== '');
  const booted = said.findLast(({ message }) => machineIsUp.test(message));
  return voicesIn(said).all.flatMap((group) => {
    const wasBoot =
      booted?.source === group[0]?.source && group.filter(complains).every(isBootNoise);
    const over = Math.max(
      group.findLast((line) => settled.has(line.order))?.order ?? -1,
      wasBoot ? (booted?.order ?? -1) : -1,
    );
    const open = group.filter((line) => line.order > over);
    const warnings = open.filter(warnsInVain);
    const bad = open.filter(
      (line) =>
        (complains(line) && !wasOvercome(line, group)) ||
        (warnings.length >= manyWarnings && warnings.includes(line)),
    );
    return isTrouble(bad, group) && !answeredElsewhere(bad, lines) ? bad.map(citationOf) : [];
  });
}

/** An error here and there, with the program going on, is everyday life; so is one that is over. */
function isTrouble(bad: readonly LogLine[], all: readonly LogLine[]): boolean {
  if (bad.some((line) => isGivenUp(line, all))) return true;
  if (bad.length === 0 || isBehind(bad, all)) return false;
  const tail = all[Math.max(0, all.length - Math.max(3, Math.floor(all.length / 10)))];
  const atEnd = bad.some((line) => line.order >= (tail?.order ?? 0));
  return (
    atEnd ||
    bad.some(({ level }) => level === 'fatal') ||
    isLastWord(bad, all) ||
    isUnresolved(bad, all) ||
    bad.length > Math.max(1, all.length * 0.03)
  );
}

/** What was given up does not come back because other work goes on. */
const givenUp = /\baborting (job|task|query|run|build|backup|migration|import|export)\b/i;

/** It was given up, and nothing says later that another try of its kind went well. */
function isGivenUp({ level, message, order }: LogLine, all: readonly LogLine[]): boolean {
  const [, kind = ''] = givenUp.exec(message) ?? [];
  if (kind === '' || !isFailure(level)) return false;
  return !all.some(
    (line) => line.order > order && isWell(line) && line.message.toLowerCase().includes(kind),
  );
}

/** So many lines, besides frames of a stack, belong to what a program prints as it dies. */
const lastWords = 12;

/** Behind the last complaint stands only what explains it, however long that is, and no more work. */
function isLastWord(bad: readonly LogLine[], all: readonly LogLine[]): boolean {
  const last = bad.at(-1);
  if (!last || !isOutcry(last)) return false;
  const later = all.filter((line) => line.order > last.order && !line.continues);
  return later.length <= lastWords && later.every((line) => line.level === null && !isWell(line));
}

/** `initdb: error: …`, `fatal: …`, an exception, an alert: what a text without levels ends with. */
const outcry =
  /^(?:(?:[\w./-]{1,60}: )?(?:fatal(?: error)?|error|panic)\b(?:\[[^\]]{1,20}\])?: |[\w:.$]{1,120}(?:Exception|Error)[.:] |(?:TRIGGERED|ALERT|PROBLEM|FIRING|CRITICAL)\b)/i;

function isOutcry({ level, message }: LogLine): boolean {
  return isFailure(level) || (level === null && outcry.test(message));
}
