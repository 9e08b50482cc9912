import type { Cluster } from './cluster';
import { listEvents } from './events';
import type { EventSummary } from './events';

/** Objects that are asked for; a rollout of hundreds of pods is told by its first ones. */
const mostObjects = 12;

/** Warnings about these objects, the latest last. */
export async function listWarnings(
  cluster: Cluster,
  objects: readonly string[],
): Promise<EventSummary[]> {
  const answers = await Promise.all(
    objects.slice(0, mostObjects).map((object) => listEvents(cluster, { object, limit: 50 })),
  );
  return answers
    .flatMap(({ events }) => events)
    .filter(({ type }) => type === 'Warning')
    .sort((a, b) => (a.lastSeen ?? '').localeCompare(b.lastSeen ?? ''));
}
