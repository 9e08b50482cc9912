import { z } from 'zod';

import { get, shown } from '../../shared/http';
import type { Labels } from '../../shared/labels';
import { ToolError } from '../../shared/tool';
import type { Loki } from './place';
import { refusal } from './refusal';

/** One line. */
export interface Entry {
  /** In ns since 1970. */
  time: bigint;
  labels: Labels;
  line: string;
}

/** A span of time in ns since 1970; `end` is not in it. */
export interface Span {
  start: bigint;
  end: bigint;
}

const deadlineMs = 10_000;
const mostBytes = 16 * 1024 * 1024;

const labels = z.record(z.string(), z.string());
// Where there is nothing to list, Loki leaves the list out.
const nameList = z.object({ data: z.array(z.string()).default([]) });
const seriesList = z.object({ data: z.array(labels).default([]) });
const streams = z.object({
  data: z.object({
    resultType: z.literal('streams'),
    result: z.array(
      z.object({
        stream: labels,
        values: z.array(z.tuple([z.string().regex(/^\d+$/), z.string()]).rest(z.unknown())),
      }),
    ),
  }),
});

/**
 * Names of the labels of what was written in the span.
 * @throws ToolError with one sentence when Loki does not answer, or refuses
 */
export async function labelNames(
  loki: Loki,
  { start, end }: Span,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const asked = { start: String(start), end: String(end) };
  return (await ask(loki, 'labels', new URLSearchParams(asked), nameList, signal)).data;
}

/**
 * Labels of the streams that fit one of the selectors and have lines in the span.
 * @throws ToolError as `labelNames`
 */
export async function series(
  loki: Loki,
  selectors: readonly string[],
  { start, end }: Span,
  signal: AbortSignal,
): Promise<readonly Labels[]> {
  const asked = new URLSearchParams({ start: String(start), end: String(end) });
  for (const selector of selectors) asked.append('match[]', selector);
  return (await ask(loki, 'series', asked, seriesList, signal)).data;
}

/**
 * The newest lines of a query within the span, at most `limit`, the newest first.
 * @throws ToolError as `labelNames`
 */
export async function newestLines(
  loki: Loki,
  query: string,
  { start, end }: Span,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const asked = new URLSearchParams({
    query,
    start: String(start),
    end: String(end),
    limit: String(limit),
    direction: 'backward',
  });
  const { data } = await ask(loki, 'query_range', asked, streams, signal);
  return data.result
    .flatMap(({ stream, values }) =>
      values.map(([time, line]) => ({ time: BigInt(time), labels: stream, line })),
    )
    .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
}

async function ask<T>(
  loki: Loki,
  what: string,
  asked: URLSearchParams,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const path = `loki/api/v1/${what}?${asked.toString()}`;
  const { status, body } = await get(loki.base, path, signal, {
    ...loki.request,
    deadlineMs,
    mostBytes,
  });
  if (status !== 200) throw new ToolError(refusal(loki, status, body));
  const parsed = shape.safeParse(toJson(body));
  if (parsed.success) return parsed.data;
  throw new ToolError(
    `${shown(loki.base)} does not answer as Loki does: check that WAR_ROOM_LOKI_URL (setting warRoom.loki.url) is Loki's own base address.`,
  );
}

function toJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
