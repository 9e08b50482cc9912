import { messageOf } from '../base/errors';
import { placeArguments } from '../diagnosis/placeArguments';
import type { ToolAnswer, ToolLease } from '../diagnosis/ports';
import type { Incident } from '../incident/incident';
import type { ServiceMeasure } from '../incident/rollout';
import { maskText } from '../intake/masking/mask';
import type { Seen } from './measure';
import type { VerificationPorts } from './ports';
import { seenHealth, seenTraffic, seenWorkload } from './seen';
import type { SeenTraffic } from './seen';

const leaseDeadlineMs = 15_000;
const callDeadlineMs = 15_000;

/** Asks the servers once, with a lease that lasts for these calls alone. */
export async function lookOnce(
  { servers, hasStats }: VerificationPorts,
  incident: Incident,
  signal: AbortSignal,
): Promise<Seen> {
  const holder = { id: incident.id, context: incident.place.context };
  const names = ['kubectl', ...(hasStats() ? ['stats'] : [])];
  let lease: ToolLease;
  try {
    lease = await servers.lease(holder, names, { deadlineMs: leaseDeadlineMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    return { workload: null, service: null, unseen: messageOf(error) };
  }
  const ask = (server: string, tool: string, given: Readonly<Record<string, unknown>>) =>
    lease.call(server, tool, given, { deadlineMs: callDeadlineMs, signal });
  try {
    const [workload, service] = await Promise.all([
      workloadSeen(ask, incident, signal),
      hasStats() ? serviceSeen(ask, incident, signal) : null,
    ]);
    return { ...workload, service };
  } finally {
    lease.release();
  }
}

type Ask = (
  server: string,
  tool: string,
  given: Readonly<Record<string, unknown>>,
) => Promise<ToolAnswer>;

async function workloadSeen(
  ask: Ask,
  incident: Incident,
  signal: AbortSignal,
): Promise<Pick<Seen, 'workload' | 'unseen'>> {
  const { rollout, failing, app, place } = incident;
  const known = rollout?.workload;
  const hints = known
    ? { kind: known.kind, name: known.name, namespace: known.namespace }
    : { ...(failing?.pod ? { pod: failing.pod } : {}), ...(app ? { app } : {}) };
  if (Object.keys(hints).length === 0) {
    return { workload: null, unseen: 'The evidence names no application and no pod to look at.' };
  }
  if (!known && place.namespace === null) {
    // The context's own namespace may hold another service of that name.
    return { workload: null, unseen: 'The incident names no namespace to look in.' };
  }
  try {
    const given = { ...placeArguments('kubectl', place), ...hints };
    const answer = await ask('kubectl', 'get_workload', given);
    if (answer.isError) return { workload: null, unseen: maskText(answer.text) };
    return { workload: seenWorkload.parse(answer.structured), unseen: null };
  } catch (error) {
    signal.throwIfAborted();
    return { workload: null, unseen: messageOf(error) };
  }
}

/** Null where the statistics do not know the service. */
async function serviceSeen(
  ask: Ask,
  { app }: Incident,
  signal: AbortSignal,
): Promise<ServiceMeasure | null> {
  if (app === null) return null;
  const tried = async (tool: string, given: Readonly<Record<string, unknown>>) => {
    try {
      const answer = await ask('stats', tool, given);
      return answer.isError ? undefined : answer.structured;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  };
  const [health, traffic] = await Promise.all([
    tried('check_health', { service_name: app }),
    tried('get_traffic_metrics', {}),
  ]);
  const online = seenHealth.safeParse(health).data?.healthy ?? null;
  const measured = seenTraffic.safeParse(traffic).data;
  const errorRate = measured ? failingShare(measured) : null;
  return online === null && errorRate === null ? null : { online, errorRate };
}

/**
 * The share of requests that fail, 0 to 1; null without requests, and where the success rate may be a
 * share as well as per cent.
 */
function failingShare({ requestsPerSecond, successRate }: SeenTraffic): number | null {
  if (successRate === null || requestsPerSecond === 0) return null;
  if (successRate > 0 && successRate <= 1) return null;
  return Math.min(1, Math.max(0, 1 - successRate / 100));
}
