import { z } from 'zod';

import { httpUrl } from '../shared/http';
import { ToolError } from '../shared/tool';

/** Where the statistics are. */
export interface Endpoints {
  /** Base URL of the aggregating endpoint, without `/stats`; null when not set. */
  stats: URL | null;
  /** Base URLs of services by name, for their `/health`. */
  services: ReadonlyMap<string, URL>;
}

const howToSet =
  'Set WAR_ROOM_STATS_URL to the base URL of the service that answers /stats, for example http://localhost:7100.';

/**
 * Reads `WAR_ROOM_STATS_URL` and `WAR_ROOM_SERVICE_URLS`, a JSON object of base URLs by service.
 * @throws ToolError when one of them is set to what is no URL
 */
export function readEndpoints(environment: NodeJS.ProcessEnv): Endpoints {
  const stats = environment['WAR_ROOM_STATS_URL'];
  return {
    stats: stats ? httpUrl(stats, 'WAR_ROOM_STATS_URL') : null,
    services: readServices(environment['WAR_ROOM_SERVICE_URLS']),
  };
}

/** @throws ToolError when it is not set */
export function statsUrl(endpoints: Endpoints): URL {
  if (!endpoints.stats) throw new ToolError(`No statistics endpoint is known. ${howToSet}`);
  return endpoints.stats;
}

function readServices(text: string | undefined): Map<string, URL> {
  if (!text) return new Map();
  const name = 'WAR_ROOM_SERVICE_URLS';
  const parsed = z.record(z.string(), z.string()).safeParse(parseJson(text));
  if (!parsed.success) {
    throw new ToolError(
      `${name} is not a JSON object of URLs by service name, for example {"auth":"http://localhost:8002"}.`,
    );
  }
  return new Map(
    Object.entries(parsed.data).map(([service, url]) => [
      service,
      httpUrl(url, `The URL of ${service} in ${name}`),
    ]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
