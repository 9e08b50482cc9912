import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { addTool } from '../shared/tool';
import { prometheusOf } from './endpoints';
import type { Endpoints } from './endpoints';
import { checkHealth } from './health';
import { measureWorkload, workloadMeasure } from './prometheus/measure';
import { workloadKinds } from './prometheus/names';
import { findService, loadBalancer, readStats, serviceStats } from './services';
import { readTraffic } from './traffic';

const service_name = z
  .string()
  .min(1)
  .max(253)
  .describe('Name of the service, for example auth or blog_service');

const objectName = z.string().min(1).max(253);

/**
 * The server `stats`: what the services say of themselves, and Prometheus of them.
 * @param endpoints asked at each call, so that a wrong setting is told as an answer
 */
export function statsServer(endpoints: () => Endpoints): McpServer {
  const server = new McpServer({ name: 'war-room-stats', version: '1' });

  addTool(server, 'get_system_stats', {
    title: 'System statistics',
    description: 'Status and measurements of all services, from the aggregating /stats endpoint.',
    input: {},
    output: {
      services: z.record(z.string(), serviceStats),
      offline: z.array(z.string()).describe('Services whose status is not online'),
    },
    async run(_, signal) {
      const services = await readStats(endpoints(), signal);
      const offline = Object.entries(services)
        .filter(([, { service_status = 'online' }]) => service_status !== 'online')
        .map(([name]) => name);
      const lines = Object.entries(services).map(
        ([name, stats]) => `${name}: ${JSON.stringify(stats)}`,
      );
      const summary = offline.length > 0 ? `Not online: ${offline.join(', ')}` : 'All online';
      return { text: [summary, ...lines].join('\n'), structured: { services, offline } };
    },
  });

  addTool(server, 'get_service_status', {
    title: 'Service status',
    description: 'Status and measurements of one service, from the aggregating /stats endpoint.',
    input: { service_name },
    output: { service: z.string(), stats: serviceStats },
    async run(input, signal) {
      const services = await readStats(endpoints(), signal);
      const [service, stats] = findService(Object.entries(services), input.service_name);
      return {
        text: `${service}: ${JSON.stringify(stats)}`,
        structured: { service, stats },
      };
    },
  });

  addTool(server, 'get_traffic_metrics', {
    title: 'Traffic',
    description:
      'Requests a second, response time and success rate that the load balancer measured over the last 10 s.',
    input: {},
    output: {
      requestsPerSecond: z.number().nullable(),
      responseTimeMs: z.number().nullable(),
      successRate: z.number().nullable().describe('In per cent, as the load balancer says it'),
      windowSeconds: z.number(),
      stats: serviceStats,
    },
    async run(_, signal) {
      const services = await readStats(endpoints(), signal);
      const [, stats] = findService(Object.entries(services), loadBalancer);
      return readTraffic(stats);
    },
  });

  addTool(server, 'check_health', {
    title: 'Health check',
    description:
      "Asks a service's own health endpoint: /health below its URL in WAR_ROOM_SERVICE_URLS, and /lb-health of the load balancer. Without such a URL it is what /stats says of the service.",
    input: { service_name },
    output: {
      service: z.string(),
      healthy: z.boolean(),
      source: z.enum(['health', 'stats']).describe('Who says so'),
      status: z.number().nullable().describe('HTTP status of the health endpoint'),
      responseTimeMs: z.number().nullable(),
      body: z.string(),
    },
    run: (input, signal) => checkHealth(endpoints(), input.service_name, signal),
  });

  addTool(server, 'get_workload_metrics', {
    title: 'Workload in Prometheus',
    description:
      'What Prometheus measures of a workload: pods wanted, updated and ready, restarts, memory against its limit, and requests that fail, from the series of kube-state-metrics, cAdvisor and the program itself that there are. Says which are missing.',
    input: {
      namespace: objectName,
      name: objectName.optional().describe('Name of a deployment, stateful set or daemon set'),
      kind: z.enum(workloadKinds).optional().describe('Its kind; found out unless given'),
      pod: objectName.optional().describe('A pod of it'),
      cluster: z
        .string()
        .optional()
        .describe('Value of the label cluster, where Prometheus knows several'),
    },
    output: workloadMeasure,
    run: (wanted, signal) => measureWorkload(prometheusOf(endpoints()), wanted, signal),
  });

  return server;
}
