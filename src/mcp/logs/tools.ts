import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { bound, mostLogBytes } from '../shared/text';
import { addTool } from '../shared/tool';
import { addEngineStatus } from './engineStatus';
import { readServiceLogs } from './read';
import { matchLines } from './search';
import { parseSince } from './since';
import type { ContainerLog, Found } from './source';

const input = {
  service: z.string().min(1).max(253).describe('Service, deployment or container'),
  since: z
    .string()
    .optional()
    .describe('How far back: 10m, 1h, or a time such as 2026-01-31T12:00:00Z'),
  source: z
    .enum(['docker', 'kubernetes'])
    .optional()
    .describe('Where to look; without it, where the service is known'),
  context: z.string().min(1).optional().describe('Context of the kubeconfig'),
  namespace: z.string().min(1).max(63).optional().describe('Namespace'),
};

const origin = {
  source: z.enum(['docker', 'kubernetes']),
  where: z.string().describe('Address of the engine, or context and namespace'),
  containers: z.array(z.string()),
};

const mostMatches = 200;
const mostMatchLength = 2_000;

/** The server `logs`: what services wrote, wherever they run. */
export function logsServer(): McpServer {
  const server = new McpServer({ name: 'war-room-logs', version: '1' });
  addServiceLogs(server);
  addSearch(server);
  addEngineStatus(server);
  return server;
}

function addServiceLogs(server: McpServer): void {
  addTool(server, 'get_service_logs', {
    title: 'Service logs',
    description: 'The last lines that each container of a service wrote.',
    input: {
      ...input,
      tail: z.number().int().min(1).max(5000).default(100).describe('Lines of each container'),
    },
    output: {
      ...origin,
      lines: z.number(),
      cutLines: z.number().describe('Earlier lines that did not fit the answer'),
    },
    async run(query, signal) {
      const since = query.since === undefined ? null : parseSince(query.since);
      const found = await readServiceLogs({ ...query, since }, query.source, signal);
      const lines = found.logs.flatMap((log) => log.lines.map((line) => named(found, log, line)));
      const { text, cutLines } = bound(lines.join('\n'), 'tail', mostLogBytes);
      return {
        text: `${from(found)}\n${text}`,
        keep: 'tail',
        structured: { ...originOf(found), lines: lines.length - cutLines, cutLines },
      };
    },
  });
}

function addSearch(server: McpServer): void {
  addTool(server, 'search_logs', {
    title: 'Search logs',
    description: 'The lines of a service that match a regular expression, the latest last.',
    input: {
      ...input,
      pattern: z.string().min(1).max(500).describe('Regular expression'),
      tail: z
        .number()
        .int()
        .min(1)
        .max(20_000)
        .default(5000)
        .describe('How many of the last lines of each container are searched'),
    },
    output: {
      ...origin,
      matches: z.array(z.object({ container: z.string(), text: z.string() })),
      searchedLines: z.number(),
      leftOut: z.number().describe('Earlier matches that are not in the answer'),
    },
    async run(query, signal) {
      const since = query.since === undefined ? null : parseSince(query.since);
      const found = await readServiceLogs({ ...query, since }, query.source, signal);
      const all = found.logs.flatMap((log) => log.lines.map((line) => ({ log, line })));
      const positions = matchLines(
        all.map(({ line }) => line),
        query.pattern,
      );
      const latest = positions.slice(-mostMatches).flatMap((position) => all[position] ?? []);
      const lines = latest.map(({ log, line }) =>
        named(found, log, line.slice(0, mostMatchLength)),
      );
      const { text, cutLines } = bound(lines.join('\n'), 'tail', mostLogBytes);
      const shown = latest.slice(cutLines);
      const leftOut = positions.length - shown.length;
      const summary = `# ${positions.length} of ${all.length} lines match${leftOut > 0 ? `, the last ${shown.length} are shown` : ''}`;
      return {
        text: [from(found), summary, text].join('\n'),
        keep: 'tail',
        structured: {
          ...originOf(found),
          matches: shown.map(({ log, line }) => ({
            container: log.name,
            text: line.slice(0, mostMatchLength),
          })),
          searchedLines: all.length,
          leftOut,
        },
      };
    },
  });
}

function from({ source, where, logs }: Found): string {
  const containers = logs.map(({ name }) => name).join(', ');
  return `# from ${source === 'docker' ? 'Docker' : 'Kubernetes'}, ${where}: ${containers}`;
}

function originOf({ source, where, logs }: Found) {
  return { source, where, containers: logs.map(({ name }) => name) };
}

/** Where several containers wrote, each line says which one did. */
function named(found: Found, log: ContainerLog, line: string): string {
  return found.logs.length > 1 ? `[${log.name}] ${line}` : line;
}
