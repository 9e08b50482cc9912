import { z } from 'zod';

import { httpUrl } from '../shared/http';
import { ToolError } from '../shared/tool';

/** Where the statistics are. */
export interface Endpoints {
  /** Base URL of the aggregating endpoint, without `/stats`; null when not set. */
  stats: URL | null;
  /** Base URLs of services by name, for their `/health`. */
  services: ReadonlyMap<string, URL>;
  /** Null when not set. */
  prometheus: Prometheus | null;
}

/** A Prometheus, or what answers as one (Thanos, Mimir, VictoriaMetrics). */
export interface Prometheus {
  /** Base URL, without `/api/v1`; may hold user and password. */
  base: URL;
  /** For a bearer login; null for none. */
  token: string | null;
}

const howToSet =
  'Set WAR_ROOM_STATS_URL to the base URL of the service that answers /stats, for example http://localhost:7100.';

/**
 * Reads `WAR_ROOM_STATS_URL`, `WAR_ROOM_SERVICE_URLS` (a JSON object of base URLs by service), and
 * `WAR_ROOM_PROMETHEUS_URL` with `WAR_ROOM_PROMETHEUS_TOKEN`.
 * @throws ToolError when one of them is set to what is no URL
 */
export function readEndpoints(environment: NodeJS.ProcessEnv): Endpoints {
  const stats = environment['WAR_ROOM_STATS_URL'];
  return {
    stats: stats ? httpUrl(stats, 'WAR_ROOM_STATS_URL') : null,
    services: readServices(environment['WAR_ROOM_SERVICE_URLS']),
    prometheus: readPrometheus(environment),
  };
}

function readPrometheus(environment: NodeJS.ProcessEnv): Prometheus | null {
  const url = environment['WAR_ROOM_PROMETHEUS_URL'];
  if (!url) return null;
  const base = httpUrl(url, 'WAR_ROOM_PROMETHEUS_URL');
  return { base, token: environment['WAR_ROOM_PROMETHEUS_TOKEN']?.trim() || null };
}

/** @throws ToolError when it is not set */
export function prometheusOf({ prometheus }: Endpoints): Prometheus {
  if (prometheus) return prometheus;
  throw new ToolError(
    'No Prometheus is known. Set WAR_ROOM_PROMETHEUS_URL to its base URL, for example http://localhost:9090.',
  );
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
