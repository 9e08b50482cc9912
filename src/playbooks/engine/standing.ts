import type { Citation } from '../../incident/evidence';
import type { LogLine } from '../read/logLine';
import { citationOf } from './findings';

const firing = /\b(?:state|status)["\\]*[=:] ?["\\]*firing\b|\[FIRING[:\]]/i;
/** Alerts are ended one by one; those that tell no name share one. */
const alertName =
  /\balertname["\\]*[=:] ?["\\]*([\w.-]+)|\[(?:FIRING|RESOLVED)[^\]]{0,20}\]:? ([\w.-]+)/i;
const resolved = /\b(?:state|status)["\\]*[=:] ?["\\]*(?:resolved|inactive)\b|\[RESOLVED[:\]]/i;

/** What stands for trouble in whatever a platform's tools print. */
const standing: readonly RegExp[] = [
  // Argo CD, of one application and in a row of its list
  /^\s{0,8}health(?: status)?: +(?:degraded|missing)\b|\s(?:Synced|OutOfSync) +(?:Degraded|Missing)(?:\s|$)/i,
  // ECS, also as a value of a query
  /\bEssential container in task exited\b/,
];
/** What people say is wrong is wrong, whatever the platform shows. A program's line has a time. */
const reported =
  /^(?!.{0,200}(?:\d\d:\d\d:\d\d| \/)).{0,120}\b(?:users?|customers?|people) (?:say|report|reported|complain|complained|tell us)\b/i;

/** A counter of work that was given up, alone on its line. */
const givenUp =
  /^\s*["']?([\w.-]{0,40}(?:buried|dead[-_]?letter(?:s|ed)?|failed|errors?|dropped|rejected)[\w.-]{0,40})["']?\s*[:=]\s*(\d{1,15}),?$/i;

/** So many rises of one counter are no accident. */
const rises = 2;

/**
 * What tells of trouble by standing there, however calm the lines around: an alert that fires, what
 * tools and people say of a whole application, and a counter of work given up that rises from one
 * look to the next.
 */
export function standingTrouble(lines: readonly LogLine[]): Citation[] {
  return [
    ...firingAlerts(lines),
    ...lines.filter(stands).map(citationOf),
    ...risingCounters(lines),
  ];
}

function stands({ text, level }: LogLine): boolean {
  const head = text.slice(0, 200);
  return standing.some((it) => it.test(head)) || (level === null && reported.test(head));
}

function firingAlerts(lines: readonly LogLine[]): Citation[] {
  const open = new Map<string, LogLine>();
  for (const line of lines) {
    const text = line.text.slice(0, 1000);
    const [, label, title] = alertName.exec(text) ?? [];
    const key = `${line.source} ${label ?? title ?? ''}`;
    if (firing.test(text)) open.set(key, line);
    else if (resolved.test(text)) open.delete(key);
  }
  return [...open.values()].map(citationOf);
}

function risingCounters(lines: readonly LogLine[]): Citation[] {
  const counters = new Map<string, { value: number; rises: number; line: LogLine }>();
  for (const line of lines) {
    if (line.text.length > 120) continue;
    const [, name, digits] = givenUp.exec(line.text) ?? [];
    if (name === undefined) continue;
    const key = `${line.source} ${name}`;
    const before = counters.get(key);
    const value = Number(digits);
    const more = before !== undefined && value > before.value ? 1 : 0;
    counters.set(key, { value, rises: (before?.rises ?? 0) + more, line });
  }
  return [...counters.values()]
    .filter((it) => it.rises >= rises)
    .map(({ line }) => citationOf(line));
}
