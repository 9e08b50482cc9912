import { get } from '../shared/http';
import type { Finding } from '../shared/tool';
import { bound } from '../shared/text';
import type { Endpoints } from './endpoints';
import { findService, isSameService, loadBalancer, readStats } from './services';

/** Whether a service is well, and who says so. */
export interface Health {
  service: string;
  healthy: boolean;
  source: 'health' | 'stats';
  status: number | null;
  responseTimeMs: number | null;
  body: string;
}

const mostBodyBytes = 4096;

/**
 * Asks the service itself where its URL is known, else what `/stats` says of it. A service that
 * does not answer is not healthy: that is a finding, no failure.
 * @throws ToolError when neither way is set up
 */
export async function checkHealth(
  endpoints: Endpoints,
  name: string,
  signal: AbortSignal,
): Promise<Finding<Health>> {
  const own = [...endpoints.services].find(([service]) => isSameService(service, name));
  if (isSameService(name, loadBalancer)) {
    const base = own?.[1] ?? endpoints.stats;
    if (base) return await ask(loadBalancer, base, 'lb-health', signal);
  } else if (own) {
    return await ask(own[0], own[1], 'health', signal);
  }
  return await fromStats(endpoints, name, signal);
}

async function ask(
  service: string,
  base: URL,
  path: string,
  signal: AbortSignal,
): Promise<Finding<Health>> {
  const health: Health = {
    service,
    healthy: false,
    source: 'health',
    status: null,
    responseTimeMs: null,
    body: '',
  };
  try {
    const answer = await get(base, path, signal);
    health.healthy = answer.status >= 200 && answer.status < 300;
    health.status = answer.status;
    health.responseTimeMs = answer.ms;
    health.body = bound(answer.body, 'head', mostBodyBytes).text;
  } catch (error) {
    signal.throwIfAborted();
    health.body = error instanceof Error ? error.message : String(error);
  }
  const how = health.status === null ? 'no answer' : `status ${health.status}`;
  const verdict = health.healthy ? 'healthy' : 'not healthy';
  return { text: `${service}: ${verdict} (${how})\n${health.body}`, structured: health };
}

async function fromStats(
  endpoints: Endpoints,
  name: string,
  signal: AbortSignal,
): Promise<Finding<Health>> {
  const services = await readStats(endpoints, signal);
  const [service, stats] = findService(Object.entries(services), name);
  const said = stats.service_status ?? 'unknown';
  const text = `${service}: ${said} (says /stats; for its own health endpoint add its URL to WAR_ROOM_SERVICE_URLS)`;
  return {
    text,
    structured: {
      service,
      healthy: said === 'online',
      source: 'stats',
      status: null,
      responseTimeMs: null,
      body: JSON.stringify(stats),
    },
  };
}
