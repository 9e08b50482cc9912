import { z } from 'zod';

import type { Labels } from '../../shared/labels';
import type { Sample } from './api';
import { memoryName, podNames } from './names';
import type { PodLabels } from './names';

/** A pod as its series tell it; null for what no series tells. */
export const measuredPod = z.object({
  name: z.string(),
  newest: z.boolean().describe('Of the newest template, as far as names and times tell'),
  ready: z.boolean().nullable(),
  status: z.string().nullable().describe('Why a container waits, else the phase'),
  restarts: z.number().nullable(),
  lastEnd: z.object({ reason: z.string(), finishedAt: z.string().nullable() }).nullable(),
  memoryBytes: z.number().nullable(),
  memoryLimitBytes: z.number().nullable().describe('Null where a container has none'),
  requestsPerSecond: z.number().nullable(),
  failedPerSecond: z.number().nullable(),
});
export type MeasuredPod = z.infer<typeof measuredPod>;

/** Samples of pods, with the labels that say which pod they are of. */
export interface Family {
  samples: readonly Sample[];
  labels: PodLabels;
}

/** What was asked of the pods; null for what no series is there of. */
export interface Families {
  state: Family | null;
  memory: Family | null;
  requests: Family | null;
  failed: Family | null;
}

/** What one container, or the pod, has under a name. */
interface Reading {
  name: string;
  container: string;
  labels: Labels;
  value: number;
}

/** The pods that there are and are not over, each with what its series tell. */
export function podsOf({ state, memory, requests, failed }: Families): MeasuredPod[] {
  const [used, asked, refused] = [byPod(memory), byPod(requests), byPod(failed)];
  const pods = [...byPod(state ?? memory ?? requests)].filter(([, of]) => !isOver(of));
  const newest = newestTemplate(pods);
  return pods.map(([name, readings]) => ({
    name,
    newest: newest === null || templateOf(name) === newest,
    ready: yesOf(holds(readings, podNames.ready, 'condition')),
    status: holds(readings, podNames.waiting, 'reason') ?? holds(readings, podNames.phase, 'phase'),
    restarts: sum(named(readings, podNames.restarts)),
    lastEnd: lastEndOf(readings),
    memoryBytes: sum(used.get(name) ?? []),
    memoryLimitBytes: limitOf(readings, used.get(name) ?? []),
    requestsPerSecond: sum(asked.get(name) ?? []),
    // Where none failed there is no series of failures.
    failedPerSecond: asked.has(name) ? (sum(refused.get(name) ?? []) ?? 0) : null,
  }));
}

/** Two Prometheus that scrape the same, and pods of one name one after the other, count once. */
function byPod(family: Family | null): ReadonlyMap<string, readonly Reading[]> {
  const pods = new Map<string, Map<string, Reading>>();
  for (const { labels, value } of family?.samples ?? []) {
    const pod = labels[family?.labels.pod ?? ''];
    // A container's own label is only renamed where the exporter has one too.
    const container = labels[family?.labels.container ?? ''] ?? labels['container'] ?? '';
    const name = labels['__name__'] ?? '';
    // Those two stand for the pod as a whole, and for what holds its network.
    if (!pod || (name === memoryName && (container === '' || container === 'POD'))) continue;
    const { reason, phase, condition, resource } = labels;
    const key = [name, container, reason, phase, condition, resource].join('|');
    const readings = pods.get(pod) ?? new Map<string, Reading>();
    const known = readings.get(key);
    if (!known || value > known.value) readings.set(key, { name, container, labels, value });
    pods.set(pod, readings);
  }
  return new Map([...pods].map(([pod, readings]) => [pod, [...readings.values()]]));
}

/** Evicted and completed pods stay on the list for long. */
function isOver(readings: readonly Reading[]): boolean {
  return ['Succeeded', 'Failed'].includes(holds(readings, podNames.phase, 'phase') ?? '');
}

/** The template of the pod that was made last; null where names do not tell templates. */
function newestTemplate(pods: readonly (readonly [string, readonly Reading[]])[]): string | null {
  const made = pods.flatMap(([name, readings]) =>
    named(readings, podNames.created).map(({ value }) => ({ template: templateOf(name), value })),
  );
  return made.sort((a, b) => b.value - a.value)[0]?.template ?? null;
}

/** `shop-5d4f8c7b9` of the deployment's pod `shop-5d4f8c7b9-x2x4z`; null for other pods. */
function templateOf(pod: string): string | null {
  return /^(.+-[a-z0-9]*[0-9][a-z0-9]*)-[a-z0-9]{5}$/.exec(pod)?.[1] ?? null;
}

function lastEndOf(readings: readonly Reading[]): MeasuredPod['lastEnd'] {
  const ends = named(readings, podNames.lastEnd).filter(({ value }) => value === 1);
  const times = named(readings, podNames.lastEndAt);
  const [last] = ends
    .map(({ container, labels }) => ({
      reason: labels['reason'] ?? 'Unknown',
      at: times.find((each) => each.container === container)?.value ?? null,
    }))
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  if (!last) return null;
  const finishedAt = last.at === null ? null : new Date(last.at * 1000).toISOString();
  return { reason: last.reason, finishedAt };
}

/** Together, where each container that uses memory has a limit. */
function limitOf(readings: readonly Reading[], used: readonly Reading[]): number | null {
  const limits = named(readings, podNames.limits).filter(
    ({ labels }) => labels['resource'] === 'memory',
  );
  const all = used.every(({ container }) => limits.some((limit) => limit.container === container));
  return all ? sum(limits) : null;
}

/** The label of what is so, of those that say what is; null where none is. */
function holds(readings: readonly Reading[], name: string, label: string): string | null {
  return named(readings, name).find(({ value }) => value === 1)?.labels[label] ?? null;
}

function yesOf(condition: string | null): boolean | null {
  return condition === null ? null : condition === 'true';
}

function named(readings: readonly Reading[], name: string): readonly Reading[] {
  return readings.filter((each) => each.name === name);
}

function sum(readings: readonly Reading[]): number | null {
  return readings.length > 0 ? readings.reduce((total, { value }) => total + value, 0) : null;
}
