import { messageOf } from '../../base/errors';
import { ToolError } from '../shared/tool';
import { readDockerLogs } from './docker';
import { readKubernetesLogs } from './kubernetes';
import type { Found, ReadLogs, ServiceLogQuery, SourceName } from './source';

const readers: Readonly<Record<SourceName, ReadLogs>> = {
  docker: readDockerLogs,
  kubernetes: readKubernetesLogs,
};

/**
 * Reads from the source that was given, else from the one that knows the service.
 * @throws ToolError when no source knows it or two do
 */
export async function readServiceLogs(
  query: ServiceLogQuery,
  source: SourceName | undefined,
  signal: AbortSignal,
): Promise<Found> {
  if (source !== undefined) {
    const found = await readers[source](query, signal);
    if (found.logs.length === 0) throw new ToolError(unknownTo(found, query.service));
    return found;
  }
  const answers = await Promise.all(
    Object.values(readers).map((read) =>
      read(query, signal).then(
        (found) => ({ found, failure: unknownTo(found, query.service) }),
        (error: unknown) => ({ found: null, failure: messageOf(error) }),
      ),
    ),
  );
  signal.throwIfAborted();
  const knowing = answers.flatMap(({ found }) => (found && found.logs.length > 0 ? [found] : []));
  return choose(knowing, query) ?? fail(answers.map(({ failure }) => failure));
}

/** Who names a context or a namespace means the cluster. */
function choose(knowing: readonly Found[], query: ServiceLogQuery): Found | undefined {
  if (knowing.length <= 1) return knowing[0];
  if (query.context !== undefined || query.namespace !== undefined) {
    return knowing.find(({ source }) => source === 'kubernetes');
  }
  throw new ToolError(
    `Both Docker and Kubernetes know a service ${query.service}: say with "source" which one is meant.`,
  );
}

function fail(failures: readonly string[]): never {
  throw new ToolError(failures.join(' '));
}

function unknownTo({ source, where }: Found, service: string): string {
  return source === 'docker'
    ? `The Docker engine at ${where} has no container of a service ${service}.`
    : `Kubernetes (${where}) has no started pod of a service ${service}.`;
}
