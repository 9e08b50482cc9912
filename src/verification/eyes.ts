import { messageOf } from '../base/errors';
import { placeArguments } from '../diagnosis/placeArguments';
import type { ToolAnswer, ToolLease } from '../diagnosis/ports';
import type { Incident } from '../incident/incident';
import { maskText } from '../intake/masking/mask';
import type { Seen } from './measure';
import { hasRequests } from './metrics';
import type { VerificationPorts } from './ports';
import { seenHealth, seenMetrics, seenTraffic, seenWorkload } from './seen';
import type { SeenMetrics, SeenStatistics, SeenTraffic } from './seen';

const leaseDeadlineMs = 15_000;
const callDeadlineMs = 15_000;

/** Asks the servers once, with a lease that lasts for these calls alone. */
export async function lookOnce(
  { servers, sources }: VerificationPorts,
  incident: Incident,
  signal: AbortSignal,
): Promise<Seen> {
  const holder = { id: incident.id, context: incident.place.context };
  const { statistics, prometheus } = await sources();
  const names = ['kubectl', ...(statistics || prometheus ? ['stats'] : [])];
  let lease: ToolLease;
  try {
    lease = await servers.lease(holder, names, { deadlineMs: leaseDeadlineMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    const unseen = messageOf(error);
    const unmeasured = prometheus ? [unseen] : [];
    return { workload: null, statistics: null, metrics: null, unseen, unmeasured };
  }
  const ask = (server: string, tool: string, given: Readonly<Record<string, unknown>>) =>
    lease.call(server, tool, given, { deadlineMs: callDeadlineMs, signal });
  try {
    const [seen, said] = await Promise.all([
      workloadSeen(ask, incident, signal),
      statistics ? statisticsSeen(ask, incident, signal) : null,
    ]);
    const measured = prometheus
      ? await metricsSeen(ask, incident, seen.workload, signal)
      : { metrics: null, unmeasured: wasMeasured(incident) ? [noAddress] : [] };
    return { ...seen, ...measured, statistics: said };
  } finally {
    lease.release();
  }
}

const noAddress = 'Prometheus measured it before, and no address of a Prometheus is set any more.';

function wasMeasured({ rollout }: Incident): boolean {
  const measures = rollout?.measures ?? [];
  return measures.some(({ by = {} }) => Object.values(by).includes('prometheus'));
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

/** Asks Prometheus about the workload that the cluster shows, else the one that the evidence names. */
async function metricsSeen(
  ask: Ask,
  { rollout, failing, app, place }: Incident,
  seen: Seen['workload'],
  signal: AbortSignal,
): Promise<Pick<Seen, 'metrics' | 'unmeasured'>> {
  const not = (why: string) => ({ metrics: null, unmeasured: [why] });
  const known = seen?.workload ?? rollout?.workload;
  const named = known
    ? { name: known.name, kind: known.kind, namespace: known.namespace }
    : {
        ...(failing?.pod ? { pod: failing.pod } : {}),
        ...(app ? { name: app } : {}),
        namespace: place.namespace,
      };
  if (named.namespace === null || Object.keys(named).length < 2) {
    return not('Prometheus was not asked: the incident names no namespace, or no application.');
  }
  try {
    const given = { ...named, ...(place.context ? { cluster: place.context } : {}) };
    const answer = await ask('stats', 'get_workload_metrics', given);
    if (answer.isError) return not(maskText(answer.text));
    const metrics = seenMetrics.parse(answer.structured);
    const warned = metrics.warnings.map((each) => `Prometheus warns: ${maskText(each)}`);
    return { metrics, unmeasured: [...missingWords(metrics), ...warned] };
  } catch (error) {
    signal.throwIfAborted();
    return not(messageOf(error));
  }
}

function missingWords(metrics: SeenMetrics): string[] {
  const { missing, measured } = metrics;
  const isSilent = measured.includes('requests') && !hasRequests(metrics, 'newest');
  return [
    ...(missing.length > 0 ? [`Prometheus has ${missing.join(', ')}.`] : []),
    ...(isSilent ? ['Prometheus has no requests of its newest pods at this moment.'] : []),
  ];
}

/** Null where the statistics do not know the service. */
async function statisticsSeen(
  ask: Ask,
  { app }: Incident,
  signal: AbortSignal,
): Promise<SeenStatistics | null> {
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
