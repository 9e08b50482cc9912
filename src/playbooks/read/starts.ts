import type { LogLine } from './logLine';
import type { Cited } from './picture';
import { timeIn } from './time';

/** So many identical starts in a log of nothing else are no accident. */
const several = 3;
/** Those few follow one another so soon: a task's rounds are longer, a supervisor's pauses are not. */
const soon = 6 * 60_000;
/** So many are a loop. */
export const loop = 4;
/** A round that is told to its end is a run of a task. */
const finished =
  /\b(?:done|finished|complete[ds]?|exit(?:ing|ed)?|bye|stopp(?:ed|ing)|shut(?:ting)? ?down)\b/i;

const banner = /\b(?:starting|started|booting|start up|startup)\b/i;
const routine =
  /\b(?:worker|job|task|batch|request|scheduled|cron|thread|session|transaction|run \d)/i;

/**
 * The last start line of each log that is made of nothing but starts: every line comes again as
 * often as the banner does. The value counts the starts.
 */
export function repeatedStarts(lines: readonly LogLine[]): Cited<number>[] {
  const logs = new Map<string, LogLine[]>();
  for (const line of lines) {
    if (line.kind !== 'log' || line.message.trim() === '') continue;
    // Replicas that start beside each other each start once.
    const key = `${line.source}\n${line.writer ?? ''}\n${line.instance ?? ''}`;
    const group = logs.get(key);
    if (group) group.push(line);
    else logs.set(key, [line]);
  }
  return [...logs.values()].flatMap((group) => startsOf(group));
}

function startsOf(lines: readonly LogLine[]): Cited<number>[] {
  if (lines.length < several * 2 || lines.length > 20_000) return [];
  if (lines.filter(isBanner).length < several) return [];
  const counts = new Map<string, number>();
  const shapes = lines.map((line) => shape(line.message));
  for (const text of shapes) counts.set(text, (counts.get(text) ?? 0) + 1);
  const last = lines.findLast(
    (line, at) => isBanner(line) && (counts.get(shapes[at] ?? '') ?? 0) >= several,
  );
  if (!last) return [];
  const start = shape(last.message);
  const starts = counts.get(start) ?? 0;
  const rounds = roundsOf(shapes, start);
  if (rounds < several) return [];
  const banners = lines.filter((_, at) => shapes[at] === start);
  if (rounds < loop && (lines.some(isEnd) || areApart(banners))) return [];
  const cyclic = shapes.filter((text) => (counts.get(text) ?? 0) >= starts - 1).length;
  if (cyclic < lines.length * 0.8 || (counts.size > 1 && cyclic / starts > 40)) return [];
  return [{ value: starts, citation: { source: last.source, line: last.number, text: last.text } }];
}

/** Lines without a stamp may have followed at once. */
function areApart(lines: readonly LogLine[]): boolean {
  const times = lines.map(({ text }) => timeIn(text.slice(0, 100), anyYear));
  return times.some((time, at) => {
    const before = times[at - 1];
    return time !== null && typeof before === 'number' && time - before > soon;
  });
}

function isEnd({ message }: LogLine): boolean {
  return finished.test(message);
}

function isBanner({ message }: LogLine): boolean {
  return banner.test(message) && !routine.test(message);
}

/** How often something starts: workers of one program that start together are one start. */
function roundsOf(shapes: readonly string[], banner: string): number {
  if (shapes.every((text) => text === banner)) return shapes.length;
  return shapes.filter((text, at) => text === banner && shapes[at - 1] !== banner).length;
}

/** A message without its times and numbers. */
function shape(message: string): string {
  return message.slice(0, 300).replace(/\d+/g, '0');
}

/** So many ends of one program with an error are a loop. */
const deadly = 3;

/** What supervisord, systemd, PM2, compose and foreman print when a program ends with an error. */
const ended =
  /^(?:exited: ([\w.-]+) \(exit status [1-9]|([\w.@-]+)\.service: Main process exited, code=(?:exited|killed|dumped), status=[1-9]|(?:PM2\s*\| )?App \[([\w.-]+?)(?::\d+)?\] exited with code \[[1-9]|(?:container )?([\w.-]+) exited with code [1-9])|(?:INFO|WARN) exited: ([\w.-]+) \(exit status [1-9]|App \[([\w.-]+?)(?::\d+)?\] exited with code \[[1-9]/i;

/** The last end of each program that ends again and again, until near the end of its log. */
export function repeatedEnds(lines: readonly LogLine[]): Cited<string>[] {
  const ends = new Map<string, { line: LogLine; times: number }>();
  const last = new Map<string, number>();
  for (const line of lines) {
    if (line.kind !== 'log') continue;
    last.set(line.source, line.order);
    if (!line.message.toLowerCase().includes('exited')) continue;
    const name = ended.exec(line.message.slice(0, 300))?.slice(1).find(Boolean);
    if (!name) continue;
    const key = `${line.source} ${name}`;
    ends.set(key, { line, times: (ends.get(key)?.times ?? 0) + 1 });
  }
  return [...ends].flatMap(([key, { line, times }]) => {
    const after = (last.get(line.source) ?? line.order) - line.order;
    if (times < deadly || after > nearTheEnd) return [];
    const name = key.slice(line.source.length + 1).replace(/-\d+$/, '');
    return [{ value: name, citation: { source: line.source, line: line.number, text: line.text } }];
  });
}

/** A program that still writes so many lines later has got over it. */
const nearTheEnd = 40;

/** Ends without an error: a unit that systemd starts again, a container of compose. */
const endedWell = /^([\w.@-]+)\.service: Deactivated successfully|^([\w.-]+) exited with code 0\b/i;
const startedAgain = /^([\w.@-]+)\.service: Scheduled restart job/i;
const startedUnit = /^Started ([\w.@-]+)\.service\b/i;

/** A unit that is started so soon behind its end is started again: a timer's rounds are longer. */
const atOnce = 15_000;

/** Only distances count here, so stamps without a year may be of any. */
const anyYear = Date.UTC(2000, 11, 31);

function soonAgain(
  line: LogLine,
  ends: ReadonlyMap<string, { line: LogLine }>,
): string | undefined {
  const name = startedUnit.exec(line.message)?.[1];
  const before = ends.get(name ?? '');
  if (!before) return undefined;
  const end = timeIn(before.line.text.slice(0, 100), anyYear);
  const start = timeIn(line.text.slice(0, 100), anyYear);
  return start !== null && end !== null && start - end <= atOnce ? name : undefined;
}

/** The last good end of each program that ends well and is started again, time after time. */
export function repeatedGoodEnds(lines: readonly LogLine[]): Cited<string>[] {
  const ends = new Map<string, { line: LogLine; times: number }>();
  const again = new Set<string>();
  for (const line of lines) {
    if (line.kind !== 'log') continue;
    const restarted = startedAgain.exec(line.message)?.[1] ?? soonAgain(line, ends);
    if (restarted) again.add(restarted);
    const match = endedWell.exec(line.message);
    const name = match?.[1] ?? match?.[2];
    if (!name) continue;
    if (match?.[2]) again.add(name);
    ends.set(name, { line, times: (ends.get(name)?.times ?? 0) + 1 });
  }
  return [...ends].flatMap(([name, { line, times }]) =>
    times < deadly || !again.has(name)
      ? []
      : [{ value: name, citation: { source: line.source, line: line.number, text: line.text } }],
  );
}

/** What servers that keep workers print when one of them died of itself, and not at their wish. */
const workerDied =
  /^DAMN ! worker \d+ \(pid: \d+\) died|\bworker (?:process )?\(?(?:pid[: ]+)?\d+\)? (?:died|crashed|exited (?:with code [1-9]|on signal))|\breaped #<Process::Status: pid \d+ (?:exit [1-9]|SIG)|\bchild \d+ exited with code [1-9]\d* after [\d.]+ seconds from start/i;

/** The last death of a log's workers, where they die again and again until near its end. */
export function repeatedDeaths(lines: readonly LogLine[]): Cited<number>[] {
  const deaths = new Map<string, { line: LogLine; times: number }>();
  const last = new Map<string, number>();
  for (const line of lines) {
    if (line.kind !== 'log') continue;
    last.set(line.source, line.order);
    if (!workerDied.test(line.message.slice(0, 300))) continue;
    deaths.set(line.source, { line, times: (deaths.get(line.source)?.times ?? 0) + 1 });
  }
  return [...deaths].flatMap(([source, { line, times }]) => {
    const after = (last.get(source) ?? line.order) - line.order;
    if (times < loop || after > nearTheEnd) return [];
    return [{ value: times, citation: { source, line: line.number, text: line.text } }];
  });
}
