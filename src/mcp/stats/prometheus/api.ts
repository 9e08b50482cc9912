import { z } from 'zod';

import { get, shown } from '../../shared/http';
import type { Labels } from '../../shared/labels';
import { ToolError } from '../../shared/tool';
import type { Prometheus } from '../endpoints';

/** One value of a series at one moment. */
export interface Sample {
  /** Its name is `__name__`. */
  labels: Labels;
  value: number;
}

/** What was found, and what Prometheus says was left out of it. */
export interface Answered<T> {
  found: T;
  warnings: readonly string[];
}

type Parameter = readonly [name: string, value: string];

/** A workload has some thousands of series at most. */
const mostBytes = 8 * 1024 * 1024;
/** Shorter than the request may take, so that Prometheus says itself what took too long. */
const queryTimeout = '4s';
const longestWords = 200;

const answer = z.object({
  status: z.enum(['success', 'error']),
  data: z.unknown().optional(),
  error: z.string().optional(),
  warnings: z.array(z.string()).optional(),
});
const labels = z.record(z.string(), z.string());
const seriesData = z.array(labels);
const vectorData = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
});

/**
 * The series that fit one of the selectors and had a sample since `sinceMs`.
 * @param sinceMs in ms since 1970
 * @throws ToolError with one sentence when Prometheus does not answer, or refuses
 */
export async function series(
  at: Prometheus,
  selectors: readonly string[],
  sinceMs: number,
  signal: AbortSignal,
): Promise<Answered<readonly Labels[]>> {
  const asked = selectors.map((selector): Parameter => ['match[]', selector]);
  const { data, warnings } = await ask(
    at,
    'series',
    [...asked, ['start', seconds(sinceMs)]],
    signal,
  );
  return { found: parsed(at, seriesData, data), warnings };
}

/**
 * The values of an expression now; what is not a number is left out.
 * @throws ToolError as `series`
 */
export async function query(
  at: Prometheus,
  expression: string,
  signal: AbortSignal,
): Promise<Answered<readonly Sample[]>> {
  const asked: readonly Parameter[] = [
    ['query', expression],
    ['timeout', queryTimeout],
  ];
  const { data, warnings } = await ask(at, 'query', asked, signal);
  const found = parsed(at, vectorData, data).result.map(({ metric, value }) => ({
    labels: metric,
    value: Number(value[1]),
  }));
  return { found: found.filter(({ value }) => Number.isFinite(value)), warnings };
}

async function ask(
  { base, token }: Prometheus,
  what: 'query' | 'series',
  asked: readonly Parameter[],
  signal: AbortSignal,
): Promise<{ data: unknown; warnings: readonly string[] }> {
  const parameters = new URLSearchParams();
  for (const [name, value] of asked) parameters.append(name, value);
  const headers: Record<string, string> =
    token === null ? {} : { authorization: `Bearer ${token}` };
  const path = `api/v1/${what}?${parameters.toString()}`;
  const { status, body } = await get(base, path, signal, { headers, mostBytes });
  const said = answer.safeParse(toJson(body)).data;
  if (status !== 200) throw new ToolError(refusal(shown(base), status, said?.error));
  if (said?.status !== 'success') throw noPrometheus(shown(base));
  // Hints on how an expression is written are no gaps in its answer.
  const warnings = (said.warnings ?? []).filter((each) => !each.startsWith('PromQL info'));
  return { data: said.data, warnings };
}

const refusals: Readonly<Record<number, string>> = {
  400: 'does not understand the question',
  401: 'wants a login: set WAR_ROOM_PROMETHEUS_TOKEN, or user and password in WAR_ROOM_PROMETHEUS_URL',
  403: 'does not let this login ask: give it the right to query, or set another WAR_ROOM_PROMETHEUS_TOKEN',
  404: 'has no /api/v1: check WAR_ROOM_PROMETHEUS_URL, with the path that Prometheus is served under',
  422: 'cannot carry the question out',
  429: 'is asked too often: wait, or ask at longer intervals',
  503: 'gave up: it is overloaded, or not ready yet; try again later',
};

function refusal(where: string, status: number, said: string | undefined): string {
  const why = said === undefined ? '' : `: ${said.replace(/\s+/g, ' ').slice(0, longestWords)}`;
  const words = refusals[status] ?? 'did not answer as asked';
  return `Prometheus at ${where} ${words} (status ${status}${why}).`;
}

function parsed<T>({ base }: Prometheus, shape: z.ZodType<T>, data: unknown): T {
  const read = shape.safeParse(data);
  if (!read.success) throw noPrometheus(shown(base));
  return read.data;
}

function noPrometheus(where: string): ToolError {
  return new ToolError(
    `${where} does not answer as Prometheus does (a login page, or another service?); check WAR_ROOM_PROMETHEUS_URL.`,
  );
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}

function toJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
