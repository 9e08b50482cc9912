import type { Citation } from '../../incident/evidence';
import type { LogLine } from './logLine';
import type { ContainerState, Picture, PlatformEvent } from './picture';
import { timeIn } from './time';

/** When things happened, on one scale over all sources. */
export interface Timeline {
  /**
   * False where nothing but ages is told: then all sources count as printed at one moment, which is 0,
   * and times only compare.
   */
  isAbsolute: boolean;
  /**
   * Milliseconds since 1970, or see `isAbsolute`; null where neither the line nor what stands before
   * it tells.
   * @param order the line's position among all lines, where it is a line of a log
   */
  timeOf(citation: Citation, order?: number): number | null;
  /** The moment at which a source was printed, to which its ages relate; null when unknown. */
  printedAt(source: string): number | null;
}

/** Lines without a time of their own, such as stack frames, have that of so many lines before. */
const reach = 60;

/**
 * Builds the timeline. Ages ("5m ago") become moments by the moment at which their source was
 * printed: an event of a start whose container states its start tells that to the second, else
 * it is the latest moment that the evidence states.
 */
export function timelineOf(picture: Picture, lines: readonly LogLine[]): Timeline {
  const printed = printedTimes(picture);
  const printedAt = (source: string): number | null => printed.get(source) ?? picture.latest;
  const known = new Map<string, number>();
  const isAbsolute = picture.latest !== null;
  const agesFrom = (source: string): number | null => (isAbsolute ? printedAt(source) : 0);
  for (const [citation, time] of [...ages(picture.events, agesFrom), ...states(picture)]) {
    if (!known.has(keyOf(citation))) known.set(keyOf(citation), time);
  }
  const timeOf = (citation: Citation, order?: number): number | null => {
    const time = known.get(keyOf(citation)) ?? timeIn(citation.text, picture.latest);
    if (time !== null || order === undefined || lines[order]?.number !== citation.line) return time;
    return timeBefore(order, lines, picture.latest);
  };
  return { isAbsolute, timeOf, printedAt };
}

function keyOf({ source, line }: Citation): string {
  return `${line} ${source}`;
}

function printedTimes({ events, pods }: Picture): Map<string, number> {
  const started = new Map<string, number>(
    pods.flatMap((pod) =>
      pod.containers.flatMap(({ state }) =>
        state?.kind === 'running' && state.startedAt !== null
          ? [[`pod/${pod.name}`, state.startedAt] as const]
          : [],
      ),
    ),
  );
  const printed = new Map<string, number>();
  for (const event of events) {
    const start = event.reason === 'Started' ? started.get(event.object ?? '') : undefined;
    if (start === undefined || event.age === null) continue;
    const time = start + event.age * 1000;
    const { source } = event.citation;
    printed.set(source, Math.max(printed.get(source) ?? 0, time));
  }
  return printed;
}

function ages(
  events: readonly PlatformEvent[],
  printedAt: (source: string) => number | null,
): (readonly [Citation, number])[] {
  return events.flatMap((event) => {
    const { seenAt = null } = event;
    if (seenAt !== null) return [[event.citation, seenAt] as const];
    const printed = printedAt(event.citation.source);
    return event.age === null || printed === null
      ? []
      : [[event.citation, printed - event.age * 1000] as const];
  });
}

/** The lines of a container's state tell of the moment at which it ended, or else began. */
function states({ pods }: Picture): (readonly [Citation, number])[] {
  const ofState = (state: ContainerState | null): (readonly [Citation, number])[] => {
    const time = state?.finishedAt ?? state?.startedAt ?? null;
    if (!state || time === null) return [];
    return [state.reason, state.message, state.exitCode].flatMap((cited) =>
      cited ? [[cited.citation, time] as const] : [],
    );
  };
  return pods.flatMap((pod) =>
    pod.containers.flatMap((container) => [
      ...ofState(container.state),
      ...ofState(container.lastState),
    ]),
  );
}

function timeBefore(
  order: number,
  lines: readonly LogLine[],
  latest: number | null,
): number | null {
  const { source } = lines[order] ?? {};
  for (let at = order - 1; at >= Math.max(0, order - reach); at--) {
    const before = lines[at];
    if (before?.source !== source || before?.kind !== 'log') return null;
    const time = timeIn(before.text, latest);
    if (time !== null) return time;
  }
  return null;
}
