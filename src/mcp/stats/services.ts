import { z } from 'zod';

import { get } from '../shared/http';
import { ToolError } from '../shared/tool';
import { statsUrl } from './endpoints';
import type { Endpoints } from './endpoints';

/** What `/stats` says of one service: its status and whatever else it measures. */
export const serviceStats = z.looseObject({ service_status: z.string().optional() });
export type ServiceStats = z.infer<typeof serviceStats>;

const allStats = z.record(z.string(), serviceStats);
export type SystemStats = z.infer<typeof allStats>;

export const loadBalancer = 'load-balancer';

/**
 * Asks `/stats` for all services.
 * @throws ToolError when there is no answer, or one of another shape
 */
export async function readStats(endpoints: Endpoints, signal: AbortSignal): Promise<SystemStats> {
  const base = statsUrl(endpoints);
  const { status, body } = await get(base, 'stats', signal);
  const where = new URL('stats', base).pathname;
  if (status !== 200)
    throw new ToolError(`${where} answered with status ${status} instead of 200.`);
  const parsed = allStats.safeParse(toJson(body));
  if (!parsed.success) {
    throw new ToolError(
      `${where} did not answer with a JSON object of services by name; check WAR_ROOM_STATS_URL.`,
    );
  }
  return parsed.data;
}

/**
 * Finds a service by name; `user-service` and `user_service` are the same.
 * @throws ToolError that lists what there is
 */
export function findService<T>(
  services: Iterable<readonly [string, T]>,
  name: string,
): readonly [string, T] {
  const known = [...services];
  const found = known.find(([other]) => plain(other) === plain(name));
  if (!found) {
    throw new ToolError(
      `No service ${name} is known; there are ${known.map(([other]) => other).join(', ') || 'none'}.`,
    );
  }
  return found;
}

/** True if both name the same service. */
export function isSameService(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_\s]/g, '-');
}

function toJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
