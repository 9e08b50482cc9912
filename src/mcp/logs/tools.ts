import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { bound, mostLogBytes } from '../shared/text';
import { addTool } from '../shared/tool';
import { addEngineStatus } from './engineStatus';
import { readServiceLogs } from './read';
import type { ServiceLogs } from './read';
import { matchLines } from './search';
import { parseSince } from './since';
import { sourceNames } from './source';
import type { ContainerLog, Found, SourceName } from './source';

const input = {
  service: z.string().min(1).max(253).describe('Service, deployment or container'),
  since: z
    .string()
    .optional()
    .describe('How far back: 10m, 1h, or a time such as 2026-01-31T12:00:00Z'),
  source: z
    .enum(sourceNames)
    .optional()
    .describe('Where to look; without it, where the service is known'),
  context: z.string().min(1).optional().describe('Context of the kubeconfig'),
  namespace: z.string().min(1).max(63).optional().describe('Namespace'),
};

const part = {
  source: z.enum(sourceNames),
  where: z
    .string()
    .describe("Address of the engine, context and namespace, or Loki's address and the time"),
  containers: z.array(z.string()),
};

const origin = {
  ...part,
  gone: z.object(part).nullable().describe('What Loki has of pods that are gone'),
  unseen: z.array(z.string()).describe('What was not looked at'),
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
      const logs = logsOf(found);
      const lines = logs.flatMap((log) => log.lines.map((line) => named(logs, log, line)));
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
      const logs = logsOf(found);
      const all = logs.flatMap((log) => log.lines.map((line) => ({ log, line })));
      const positions = matchLines(
        all.map(({ line }) => line),
        query.pattern,
      );
      const latest = positions.slice(-mostMatches).flatMap((position) => all[position] ?? []);
      const lines = latest.map(({ log, line }) => named(logs, log, line.slice(0, mostMatchLength)));
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

const titles: Readonly<Record<SourceName, string>> = {
  docker: 'Docker',
  kubernetes: 'Kubernetes',
  loki: 'Loki',
};

/** Why something was not looked at stands beside the text, where it is not taken for a line of a log. */
function from({ found, gone }: ServiceLogs): string {
  return [
    `# from ${titles[found.source]}, ${found.where}: ${namesOf(found)}`,
    ...(gone ? [`# from Loki, ${gone.where}, of pods that are gone: ${namesOf(gone)}`] : []),
    ...(unseenOf({ found, gone }).length > 0 ? ['# not all was seen; "unseen" says what'] : []),
  ].join('\n');
}

function originOf({ found, gone }: ServiceLogs) {
  return { ...partOf(found), gone: gone && partOf(gone), unseen: unseenOf({ found, gone }) };
}

function partOf({ source, where, logs }: Found) {
  return { source, where, containers: logs.map(({ name }) => name) };
}

function unseenOf({ found, gone }: ServiceLogs): string[] {
  return [...found.unseen, ...(gone?.unseen ?? [])];
}

function namesOf({ logs }: Found): string {
  return logs.map(({ name }) => name).join(', ');
}

/** The logs of pods that are gone first, since they are the older ones. */
function logsOf({ found, gone }: ServiceLogs): readonly ContainerLog[] {
  return [...(gone?.logs ?? []), ...found.logs];
}

/** Where several containers wrote, each line says which one did. */
function named(logs: readonly ContainerLog[], log: ContainerLog, line: string): string {
  return logs.length > 1 ? `[${log.name}] ${line}` : line;
}
