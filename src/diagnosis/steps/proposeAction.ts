import { z } from 'zod';

import { withDeadline } from '../../base/deadline';
import { messageOf } from '../../base/errors';
import type { ActionTool, WantedAction } from '../../incident/clusterAction';
import type { Incident } from '../../incident/incident';
import type { Plan, Proposal } from '../../incident/proposal';
import type { DiagnosisPorts, ToolAnswer, ToolLease } from '../ports';
import { reasonLine } from './reason';

/** All that is asked of the cluster for one: good advice does not wait for a slow cluster. */
const deadlineMs = 15_000;
const callDeadlineMs = 12_000;
/** More is for a person to decide. */
const mostReplicas = 20;

/** What `preview_change` of the kubectl server answers. */
const preview = z.object({
  place: z.object({ context: z.string(), namespace: z.string() }),
  now: z.string(),
  after: z.string(),
  replicas: z.number(),
  warnings: z.array(z.string()),
  refusal: z.string().nullable(),
});

export type Preview = z.infer<typeof preview>;
type Advised = Extract<Plan, { kind: 'advice' }>;

/**
 * Turns advice into an action that a person may approve, where there is one, the incident's place is
 * known and the cluster would take it. Otherwise the advice stays, with what stands against it.
 */
export async function proposeAction(
  { servers }: Pick<DiagnosisPorts, 'servers'>,
  { id, app, place }: Incident,
  advised: Advised,
  signal: AbortSignal,
): Promise<Plan> {
  const { action } = advised;
  const deployment = place.application ?? app;
  // A namespace is taken from the evidence and never guessed.
  if (!action || !deployment || place.namespace === null) return advised;
  try {
    const holder = { id, context: place.context };
    const where = {
      namespace: place.namespace,
      ...(place.context === null ? {} : { context: place.context }),
    };
    return await withDeadline('Asking the cluster', deadlineMs, signal, async (own) => {
      const lease = await servers.lease(holder, ['kubectl'], { deadlineMs, signal: own });
      try {
        return await propose(lease, action, { ...where, deployment }, advised, own);
      } finally {
        lease.release();
      }
    });
  } catch (error) {
    signal.throwIfAborted();
    return insteadOf(advised, messageOf(error));
  }
}

async function propose(
  lease: ToolLease,
  action: WantedAction,
  target: { context?: string; namespace: string; deployment: string },
  advised: Advised,
  signal: AbortSignal,
): Promise<Plan> {
  const { tool } = action;
  const { deployment } = target;
  const restart = await previewOf(lease, 'restart_deployment', target, signal);
  const replicas = tool === 'scale_deployment' ? moreThan(restart.replicas) : undefined;
  if (replicas !== undefined && replicas <= restart.replicas) {
    const why = `It has ${restart.replicas} pods already; more is for a person to decide.`;
    return insteadOf(advised, why);
  }
  const found =
    replicas === undefined
      ? restart
      : await previewOf(lease, tool, { ...target, replicas }, signal);
  if (found.refusal !== null) return insteadOf(advised, found.refusal);
  const { place, now, after } = found;
  const proposal: Proposal = {
    kind: 'cluster-action',
    title:
      replicas === undefined
        ? `restart deployment ${deployment}`
        : `scale deployment ${deployment} to ${replicas} pods`,
    files: [],
    action: {
      tool,
      arguments: { deployment, ...(replicas === undefined ? {} : { replicas }) },
      place: { context: place.context, namespace: place.namespace },
      now,
      after,
      replicas: found.replicas,
    },
    reason: action.reason,
    formula:
      replicas === undefined
        ? null
        : `replicas + max(1, replicas / 2, rounded up) = ${found.replicas} + ${replicas - found.replicas} = ${replicas}, at most ${mostReplicas}`,
    warnings: [...found.warnings, ...action.warnings],
  };
  return { kind: 'proposal', proposal };
}

/**
 * What an action would do now, as the server tells it after trying it.
 * @throws Error with the server's sentence
 */
export async function previewOf(
  lease: ToolLease,
  tool: ActionTool,
  target: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<Preview> {
  const options = { deadlineMs: callDeadlineMs, signal };
  const answer: ToolAnswer = await lease.call(
    'kubectl',
    'preview_change',
    { tool, ...target },
    options,
  );
  if (answer.isError) throw new Error(answer.text);
  return preview.parse(answer.structured);
}

function moreThan(replicas: number): number {
  return Math.min(replicas + Math.max(1, Math.ceil(replicas / 2)), mostReplicas);
}

/** The advice, with why nothing is done in the cluster. */
function insteadOf({ advice }: Advised, why: string): Plan {
  const summary = `${advice.summary} No change of the cluster is proposed: ${reasonLine(why)}`;
  return { kind: 'advice', advice: { ...advice, summary } };
}
