import { z } from 'zod';

import { messageOf } from '../../base/errors';
import type { Question } from '../../incident/analysis';
import type { DiagnosisPorts, ToolLease } from '../ports';
import { askOne } from './collect';
import { reasonLine } from './reason';

const callDeadlineMs = 12_000;
/** Pods whose logs are kept; those that restarted most come first. */
const mostPods = 3;
const linesKept = 2000;

const podList = z.object({
  pods: z.array(z.object({ name: z.string(), restarts: z.number() })),
});

/** Whose logs go with the restart. */
interface Restarting {
  id: string;
  context: string;
  namespace: string;
  deployment: string;
}

/**
 * Keeps what a restart would take away: the logs of the deployment's pods, also of their run before.
 * One that cannot be read is noted and does not stop the restart, which was approved.
 */
export async function keepLogs(
  ports: DiagnosisPorts,
  lease: ToolLease,
  { id, context, namespace, deployment }: Restarting,
  signal: AbortSignal,
): Promise<void> {
  const missing: string[] = [];
  try {
    const at = { context, namespace };
    const options = { deadlineMs: callDeadlineMs, signal };
    const listed = await lease.call('kubectl', 'list_pods', { ...at, deployment }, options);
    if (listed.isError) throw new Error(listed.text);
    const { pods } = podList.parse(listed.structured);
    const worst = [...pods].sort((a, b) => b.restarts - a.restarts).slice(0, mostPods);
    const place = { context, namespace, application: deployment, valuesFile: null };
    for (const question of worst.flatMap(({ name, restarts }) => logsOf(name, restarts > 0))) {
      const failed = await askOne(ports, lease, { id, place }, question, signal);
      if (failed !== undefined) missing.push(failed);
    }
  } catch (error) {
    signal.throwIfAborted();
    missing.push(messageOf(error));
  }
  if (missing.length === 0) return;
  const notes = missing.map((why) => `A log was not kept before the restart: ${reasonLine(why)}`);
  await ports.records.update(id, (each) => ({ ...each, notes: [...each.notes, ...notes] }));
}

function logsOf(pod: string, restarted: boolean): Question[] {
  const ask = (previous: boolean): Question => ({
    server: 'kubectl',
    tool: 'get_pod_logs',
    arguments: { pod_name: pod, tail: linesKept, previous },
    why: 'is gone after the restart',
  });
  return [...(restarted ? [ask(true)] : []), ask(false)];
}
