import { fits } from '../../shared/labels';
import type { Labels, Matcher } from '../../shared/labels';
import type { ServiceLogQuery } from '../source';
import { labelNames, newestLines, series } from './api';
import type { Span } from './api';
import type { Loki } from './place';
import {
  clusterOf,
  containerOf,
  queryOf,
  selectorText,
  selectorsFor,
  withoutContainers,
  withoutPods,
} from './streams';

/** The streams of a service, and how they were found. */
export interface FoundStreams {
  /** What all of them have; empty where there are none. */
  matchers: readonly Matcher[];
  /** Names of the labels that Loki has in this time. */
  known: readonly string[];
  span: Span;
  /** The time looked through, in words. */
  time: string;
}

const hourMs = 3_600_000;
/** How far back is looked where nobody says; further only where there is nothing. */
const lastDay: LookBack = { ms: 24 * hourMs, time: 'the last 24 h' };
const lastWeek: LookBack = { ms: 7 * 24 * hourMs, time: 'the last 7 days' };
/** A collector's clock may be ahead of ours. */
const aheadMs = 60_000;
/** Lines among which the containers that wrote last are looked for. */
const sampled = 100;

interface LookBack {
  ms: number;
  time: string;
}

/** Looks for the streams of a service. */
export async function findStreams(
  loki: Loki,
  query: ServiceLogQuery,
  signal: AbortSignal,
): Promise<FoundStreams> {
  const { since } = query;
  const now = query.until?.getTime() ?? Date.now();
  if (since !== null) {
    const lookBack = { ms: now - since.getTime(), time: `since ${since.toISOString()}` };
    return await streamsWithin(loki, query, lookBack, now, signal);
  }
  const day = await streamsWithin(loki, query, lastDay, now, signal);
  return day.matchers.length > 0 ? day : await streamsWithin(loki, query, lastWeek, now, signal);
}

/**
 * Labels of the containers of a service that wrote last, the newest first; at most `most`.
 * @param except pods that are not wanted
 */
export async function newestContainers(
  loki: Loki,
  { matchers, known, span }: FoundStreams,
  { most, except }: { most: number; except: readonly string[] },
  signal: AbortSignal,
): Promise<readonly Labels[]> {
  if (matchers.length === 0) return [];
  const query = `${queryOf(matchers, known)}${withoutPods(except)}`;
  const found: Labels[] = [];
  // One that writes much hides the others, so those that were seen are left out the next time.
  while (found.length < most) {
    const others = `${query}${withoutContainers(found.map(containerOf))}`;
    const entries = await newestLines(loki, others, span, sampled, signal);
    const before = found.length;
    for (const { labels } of entries) {
      if (!found.some((each) => fits(labels, containerOf(each)))) found.push(labels);
    }
    if (entries.length < sampled || found.length === before) break;
  }
  return found.slice(0, most);
}

async function streamsWithin(
  loki: Loki,
  query: ServiceLogQuery,
  { ms, time }: LookBack,
  now: number,
  signal: AbortSignal,
): Promise<FoundStreams> {
  const end = query.until?.getTime() ?? now + aheadMs;
  const span = { start: nanoseconds(Math.min(now - ms, end - 1)), end: nanoseconds(end) };
  const known = await labelNames(loki, span, signal);
  const candidates = selectorsFor(query, known);
  const streams =
    candidates.length === 0 ? [] : await series(loki, candidates.map(selectorText), span, signal);
  const matchers = candidates.find((each) => streams.some((labels) => fits(labels, each))) ?? [];
  const own = streams.filter((labels) => fits(labels, matchers));
  const words = query.until ? `${time}, until ${query.until.toISOString()}` : time;
  return { matchers: [...matchers, ...clusterOf(own, query.context)], known, span, time: words };
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
