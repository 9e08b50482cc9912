import { z } from 'zod';

import { messageOf } from '../../base/errors';
import type { EvidenceText } from '../../incident/evidence';
import type { Incident } from '../../incident/incident';
import { readLog } from '../../intake/readLog';
import type { DiagnosisPorts, ListedTool } from '../ports';
import { reasonLine } from '../steps/reason';
import type { ModelTool } from './model';

const leaseDeadlineMs = 15_000;
const callDeadlineMs = 10_000;

/**
 * What a model may call. A tool must stand here and its server must say that it only reads: neither
 * alone is enough. Of other servers the answers that the incident collected are shown.
 */
const readingTools: Readonly<Record<string, readonly string[]>> = {
  kubectl: [
    'list_pods',
    'describe_pod',
    'get_pod_logs',
    'get_events',
    'list_deployments',
    'describe_deployment',
    'get_rollout_status',
    'list_nodes',
  ],
  logs: ['get_service_logs', 'search_logs', 'get_engine_status'],
  stats: ['get_system_stats', 'get_service_status', 'get_traffic_metrics', 'check_health'],
};

/** Arguments that are the incident's own and never the model's. */
const placeNames = ['context', 'namespace'] as const;

interface Callable {
  server: string;
  tool: ListedTool;
  /** The properties that a model may give. */
  properties: Readonly<Record<string, unknown>>;
}

/** What a call brought: evidence that is stored, or one sentence on why there is none. */
export type Looked = { evidence: EvidenceText } | { problem: string };

/** The tools that a model may use for one incident. */
export class ModelTools {
  private constructor(
    private readonly ports: Pick<DiagnosisPorts, 'servers' | 'records'>,
    private readonly incident: Pick<Incident, 'id' | 'place'>,
    private readonly callable: ReadonlyMap<string, Callable>,
  ) {}

  /** Asks the servers what they have; one that does not start has nothing. */
  static async open(
    ports: Pick<DiagnosisPorts, 'servers' | 'records'>,
    incident: Pick<Incident, 'id' | 'place'>,
    useServers: boolean,
    signal: AbortSignal,
  ): Promise<ModelTools> {
    const servers = useServers ? Object.keys(readingTools) : [];
    const listed = await Promise.all(
      servers.map((server) => listTools(ports, incident, server, signal)),
    );
    signal.throwIfAborted();
    const callable = listed
      .flat()
      .map((each) => [`${each.server}__${each.tool.name}`, each] as const);
    return new ModelTools(ports, incident, new Map(callable));
  }

  /** As a model is told of them. */
  get listed(): readonly ModelTool[] {
    return [...this.callable].map(([name, { tool, properties }]) => ({
      name,
      description: tool.description.slice(0, 500),
      inputSchema: { ...schemaOf(tool), properties },
    }));
  }

  /** Calls a tool, if it may be called so; what it answers is masked and added to the incident. */
  async call(name: string, given: unknown, signal: AbortSignal): Promise<Looked> {
    const found = this.callable.get(name);
    if (!found) return { problem: `There is no tool "${name.slice(0, 60)}" for you.` };
    const checked = checkedArguments(found, given);
    if ('problem' in checked) return checked;
    try {
      return await this.ask(found, checked.arguments, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { problem: withoutFolders(reasonLine(messageOf(error))) };
    }
  }

  private async ask(
    { server, tool }: Callable,
    given: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<Looked> {
    const { servers, records } = this.ports;
    const lease = await servers.lease(holderOf(this.incident), [server], {
      deadlineMs: leaseDeadlineMs,
      signal,
    });
    try {
      const all = { ...given, ...this.placeOf(tool) };
      const answer = await lease.call(server, tool.name, all, {
        deadlineMs: callDeadlineMs,
        signal,
      });
      if (answer.isError) return { problem: withoutFolders(reasonLine(answer.text)) };
      const source = `mcp:${server}/${tool.name}`;
      const { text, totalBytes } = await readLog(
        { kind: 'text', source, text: answer.text },
        { patterns: [], signal },
      );
      await records.addEvidence(this.incident.id, text, totalBytes);
      return { evidence: text };
    } finally {
      lease.release();
    }
  }

  private placeOf(tool: ListedTool): Readonly<Record<string, string>> {
    const takes = propertiesOf(tool);
    return Object.fromEntries(
      placeNames.flatMap((name) => {
        const value = this.incident.place[name];
        return value !== null && Object.hasOwn(takes, name) ? [[name, value]] : [];
      }),
    );
  }
}

/** Where things lie on this machine is nobody's business; what a file is called may tell something. */
function withoutFolders(problem: string): string {
  return problem.replace(
    /(?<![\w/\\:.])(?:file:\/\/|~|[A-Za-z]:)?(?:[\\/][^\s\\/"'`:,;()]+)+(?=[\\/])/g,
    '…',
  );
}

function holderOf({ id, place }: Pick<Incident, 'id' | 'place'>) {
  return { id, context: place.context };
}

async function listTools(
  { servers }: Pick<DiagnosisPorts, 'servers'>,
  incident: Pick<Incident, 'id' | 'place'>,
  server: string,
  signal: AbortSignal,
): Promise<readonly Callable[]> {
  try {
    const options = { deadlineMs: leaseDeadlineMs, signal };
    const lease = await servers.lease(holderOf(incident), [server], options);
    try {
      return lease
        .tools(server)
        .filter(({ name, readOnly }) => readOnly && readingTools[server]?.includes(name))
        .map((tool) => ({ server, tool, properties: offered(tool) }));
    } finally {
      lease.release();
    }
  } catch {
    return [];
  }
}

function schemaOf(tool: ListedTool): Readonly<Record<string, unknown>> {
  const required = Array.isArray(tool.inputSchema['required']) ? tool.inputSchema['required'] : [];
  return {
    type: 'object',
    properties: offered(tool),
    required: required.filter((name) => Object.hasOwn(offered(tool), String(name))),
    additionalProperties: false,
  };
}

function offered(tool: ListedTool): Readonly<Record<string, unknown>> {
  const own: readonly string[] = placeNames;
  return Object.fromEntries(
    Object.entries(propertiesOf(tool)).filter(([name]) => !own.includes(name)),
  );
}

function propertiesOf(tool: ListedTool): Readonly<Record<string, unknown>> {
  const properties: unknown = tool.inputSchema['properties'];
  return typeof properties === 'object' && properties !== null
    ? (properties as Readonly<Record<string, unknown>>)
    : {};
}

function checkedArguments(
  { tool }: Callable,
  given: unknown,
): { arguments: Readonly<Record<string, unknown>> } | { problem: string } {
  try {
    const read = z.fromJSONSchema(schemaOf(tool)).safeParse(given);
    return read.success
      ? { arguments: read.data as Readonly<Record<string, unknown>> }
      : {
          problem: `These arguments are not allowed: ${z.prettifyError(read.error).slice(0, 500)}`,
        };
  } catch {
    return { problem: `What ${tool.name} takes cannot be checked, so it is not called.` };
  }
}
