import type { CoreV1Event } from '@kubernetes/client-node';
import { z } from 'zod';

import { table } from '../shared/text';
import type { Cluster } from './cluster';
import { field, lines, section } from './page';
import type { Entry } from './page';
import { isoOrNull } from './podStatus';
import { age, shortTime } from './time';

export const eventSummary = z.object({
  type: z.string(),
  reason: z.string(),
  /** Kind and name, for example `Pod/grafana-0`. */
  object: z.string(),
  message: z.string(),
  count: z.number(),
  firstSeen: z.string().nullable(),
  lastSeen: z.string().nullable(),
  source: z.string(),
});

export type EventSummary = z.infer<typeof eventSummary>;

/** Which events are meant. */
export interface EventFilter {
  /** Name of the object that they are about. */
  object?: string | undefined;
  limit: number;
  continue?: string | undefined;
}

/** Events of the namespace, the latest last. */
export async function listEvents(
  cluster: Cluster,
  filter: EventFilter,
): Promise<{ events: EventSummary[]; next: string | null }> {
  const list = await cluster.core.listNamespacedEvent({
    namespace: cluster.place.namespace,
    limit: filter.limit,
    _continue: filter.continue,
    fieldSelector: filter.object === undefined ? undefined : `involvedObject.name=${filter.object}`,
  });
  const events = list.items
    .map(summariseEvent)
    .sort((a, b) => (a.lastSeen ?? '').localeCompare(b.lastSeen ?? ''));
  return { events, next: list.metadata?._continue || null };
}

function summariseEvent(event: CoreV1Event): EventSummary {
  const { involvedObject, series } = event;
  const first = event.firstTimestamp ?? event.eventTime;
  const last = series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime;
  return {
    type: event.type ?? '',
    reason: event.reason ?? '',
    object: `${involvedObject.kind ?? ''}/${involvedObject.name ?? ''}`,
    message: (event.message ?? '').trim(),
    count: series?.count ?? event.count ?? 1,
    firstSeen: isoOrNull(first ?? event.metadata.creationTimestamp),
    lastSeen: isoOrNull(last ?? event.metadata.creationTimestamp),
    source: event.source?.component ?? event.reportingComponent ?? '',
  };
}

/** The events at the end of a description. */
export function describeEvents(events: readonly EventSummary[]): Entry {
  if (events.length === 0) return field('Events', undefined);
  const header = ['Type', 'Reason', 'Age', 'From', 'Message'];
  const rows = events.map((event) => [
    event.type,
    event.reason,
    eventAge(event),
    event.source,
    oneLine(event.message),
  ]);
  const dashes = header.map((name) => '-'.repeat(name.length));
  return section('Events', [lines(table(header, [dashes, ...rows]).split('\n'))]);
}

/** A table of events with absolute times, so that they can be put beside a log. */
export function eventTable(events: readonly EventSummary[]): string {
  const rows = events.map((event) => [
    shortTime(event.lastSeen ?? undefined),
    event.type,
    event.reason,
    event.object.toLowerCase(),
    String(event.count),
    oneLine(event.message),
  ]);
  return table(['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'COUNT', 'MESSAGE'], rows);
}

function eventAge({ count, firstSeen, lastSeen }: EventSummary): string {
  const since = age(lastSeen ?? undefined);
  return count > 1 ? `${since} (x${count} over ${age(firstSeen ?? undefined)})` : since;
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, ' ');
}
