import type { Finding } from '../shared/tool';
import type { ServiceStats } from './services';

/** What the load balancer measured over its window; null where it does not say. */
export interface Traffic {
  requestsPerSecond: number | null;
  responseTimeMs: number | null;
  successRate: number | null;
  windowSeconds: number;
  stats: ServiceStats;
}

/** Load balancers agree on what to measure, but not on names: the first key that fits counts. */
const names = {
  requestsPerSecond: [/rps/i, /requests?_?per_?second/i, /request_?rate/i],
  responseTimeMs: [/response_?time/i, /latency/i],
  successRate: [/success_?rate/i],
} as const;

export function readTraffic(stats: ServiceStats): Finding<Traffic> {
  const traffic: Traffic = {
    requestsPerSecond: firstNumber(stats, names.requestsPerSecond),
    responseTimeMs: firstNumber(stats, names.responseTimeMs),
    successRate: firstNumber(stats, names.successRate),
    windowSeconds: 10,
    stats,
  };
  const say = (value: number | null) => value ?? 'not measured';
  const text = [
    `Requests a second: ${say(traffic.requestsPerSecond)}`,
    `Response time in ms: ${say(traffic.responseTimeMs)}`,
    `Success rate: ${say(traffic.successRate)}`,
    `load-balancer: ${JSON.stringify(stats)}`,
  ].join('\n');
  return { text, structured: traffic };
}

function firstNumber(stats: ServiceStats, patterns: readonly RegExp[]): number | null {
  for (const pattern of patterns) {
    const found = Object.entries(stats).find(
      ([key, value]) => pattern.test(key) && typeof value === 'number',
    );
    if (found) return Number(found[1]);
  }
  return null;
}
