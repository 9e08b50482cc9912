import type { Measure, Rollout } from '../incident/rollout';
import { duration, percent } from './amounts';

/** What was measured before the change and since, one line each. */
export function findingsOf({ before, measures, unseen }: Rollout): string[] {
  const newest = measures.at(-1) ?? null;
  return [
    ...(before ? [`Before: ${words(before)}`] : ['Before: nobody looked in time']),
    ...(newest ? [`Now: ${words(newest)}`] : []),
    ...(newest?.pods?.warnings ?? []).map((warning) => `Warning: ${warning}`),
    ...(unseen ? [`Not seen at the last look: ${unseen}`] : []),
  ];
}

function words({ pods, service }: Measure): string {
  const parts: string[] = [];
  if (pods) {
    const { ready, desired, restarts, lastEnd, troubles, memoryBytes } = pods;
    parts.push(`${ready} of ${desired} pods ready`, `${restarts} restarts`, ...troubles);
    if (lastEnd) {
      const ran = lastEnd.ranMs === null ? '' : ` after ${duration(lastEnd.ranMs)}`;
      parts.push(`last ended ${lastEnd.reason}${ran}`);
    }
    if (memoryBytes !== null) parts.push(`${Math.round(memoryBytes / 2 ** 20)}Mi of memory`);
  }
  if (service) {
    if (service.online !== null) parts.push(service.online ? 'online' : 'offline');
    if (service.errorRate !== null)
      parts.push(`${percent(service.errorRate)} of the load balancer's requests fail`);
  }
  return parts.join(', ') || 'nothing was measured';
}
