import { messageOf } from '../../base/errors';
import { clusterFailure, isNotFound } from '../kubernetes/failure';
import type { Place } from '../kubernetes/kubeconfig';
import { LogGoneError } from '../kubernetes/podLogs';
import type { LogQuery, PodLog } from '../kubernetes/podLogs';
import { isLokiNamed, readLokiLogs } from '../logs/loki';
import { ToolError } from '../shared/tool';

/** A log of a pod that is gone, and where it comes from. */
export interface KeptLog extends PodLog {
  /** Loki's address, the time looked through, and why it was asked. */
  head: string;
}

/**
 * What Loki has kept of a log that the cluster has no more.
 * @param failure why the cluster does not have it
 * @throws that failure where there is no Loki or it is another one; ToolError where Loki has no such
 * log either
 */
export async function readKeptLog(
  failure: unknown,
  place: Place,
  { pod, tail, previous, ...asked }: Omit<LogQuery, 'since'> & { pod: string },
  signal: AbortSignal,
): Promise<KeptLog> {
  const removed = failure instanceof LogGoneError ? failure : null;
  if ((!removed && !isNotFound(failure)) || !isLokiNamed()) throw failure;
  const container = asked.container ?? removed?.container;
  const until = (previous && removed?.runStart) || undefined;
  const also = (why: string) =>
    new ToolError(`${clusterFailure(failure, place, '').message} ${why}`, { cause: failure });
  const { context, assumed } = place;
  // A namespace that nobody gave is a guess, and the name of a pod that is gone is nearly its own.
  const namespace = assumed?.includes('namespace ') ? undefined : place.namespace;
  const query = { service: pod, context, namespace, since: null, until, tail };
  const { logs: all, where } = await readLokiLogs(query, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw also(messageOf(error));
  });
  // One of another cluster has only its name.
  const logs = all.filter(({ otherCluster }) => otherCluster === undefined);
  if (logs.some(({ name }) => name.split('/').length > 2)) {
    throw also(
      'Loki has logs of pods of this name in several places: say which namespace is meant.',
    );
  }
  const named = logs.map(({ name, lines }) => ({ lines, container: name.split('/').at(-1) ?? '' }));
  const runs = previous ? 'all runs before this one' : 'all runs';
  const why = removed
    ? `the node has no log of this run any more; these are ${runs} that Loki has kept`
    : `${pod} is gone from the cluster`;
  const log = named.find((each) => container === undefined || each.container === container);
  if (!log) throw also(`Loki (${where}) has no log of it either.`);
  return {
    container: log.container,
    containers: named.map((each) => each.container),
    text: log.lines.join('\n'),
    head: `# from Loki, ${namespace === undefined ? `${where}, any namespace` : where}: ${why}\n`,
  };
}
