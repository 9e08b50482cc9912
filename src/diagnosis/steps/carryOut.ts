import { WarRoomError, messageOf } from '../../base/errors';
import { unheardWords } from '../../base/unheard';
import { argumentsOf, callOf, actedSentence } from '../../incident/clusterAction';
import type { ActionRun, ClusterAction } from '../../incident/clusterAction';
import type { Incident } from '../../incident/incident';
import type { Decision } from '../../incident/proposal';
import { justCommitted } from '../../incident/rollout';
import type { DiagnosisPorts, ToolLease } from '../ports';
import type { Run } from '../run';
import { keepLogs } from './keepLogs';
import { previewOf } from './proposeAction';
import { reasonLine } from './reason';

const leaseDeadlineMs = 30_000;
/** Longer than the server waits for the cluster, so that its own sentence is heard. */
const callDeadlineMs = 60_000;

/** An action that a person approved. */
interface ApprovedAction {
  incident: Incident;
  action: ClusterAction;
  answer: Extract<Decision, { kind: 'approved' }>;
  /** A process ended while it was at this before. */
  interrupted: boolean;
}

/**
 * Makes the approved call in the cluster, at most once: it is written down before it is made, and
 * one whose answer nobody heard is told and never repeated. What stands against it before that, and a
 * crash too, sends the incident back to where it waited: no window goes on with a call by itself.
 */
export async function carryOut(
  ports: DiagnosisPorts,
  { incident, action, answer, interrupted }: ApprovedAction,
  signal: AbortSignal,
): Promise<Partial<Run>> {
  const { id, acted } = incident;
  // The same approval again: a crash came between the call and its answer.
  if (acted?.result === 'unknown' && acted.at === answer.at) return await unheard(ports, id, acted);
  if (interrupted) return await sendBack(ports, id, notBegun());
  let made: ActionRun | undefined;
  try {
    const holder = { id, context: action.place.context };
    const options = { deadlineMs: leaseDeadlineMs, signal };
    const lease = await ports.servers.lease(holder, ['kubectl'], options);
    try {
      await requireFresh(ports, lease, incident, action, signal);
      if (action.tool === 'restart_deployment') {
        await keepLogs(ports, lease, { id, ...argumentsOf(action) }, signal);
      }
      made = {
        call: callOf(action),
        by: answer.by,
        at: answer.at,
        result: 'unknown',
        answer: null,
      };
      return await make(ports, lease, incident, action, made, signal);
    } finally {
      lease.release();
    }
  } catch (error) {
    return made ? await unheard(ports, id, made) : await sendBack(ports, id, error);
  }
}

async function make(
  ports: DiagnosisPorts,
  lease: ToolLease,
  { id }: Incident,
  action: ClusterAction,
  run: ActionRun,
  signal: AbortSignal,
): Promise<Partial<Run>> {
  const { records } = ports;
  await records.update(id, (each) => ({ ...each, acted: run }));
  const options = { deadlineMs: callDeadlineMs, signal, approved: true };
  const { text, isError } = await lease.call('kubectl', action.tool, argumentsOf(action), options);
  if (isError && text.includes(unheardWords)) return await unheard(ports, id, run);
  const said = reasonLine(text);
  const acted: ActionRun = { ...run, result: isError ? 'failed' : 'done', answer: said };
  const { place, arguments: given } = action;
  await records.update(id, (each) => ({
    ...each,
    acted,
    ...(isError
      ? {
          state: 'awaiting-approval',
          decision: null,
          error: { code: 'action-failed', message: said },
        }
      : {
          state: 'awaiting-rollout',
          outcome: 'committed',
          // It is live at once, so the watch begins with the next look, at this very deployment: the
          // pod that failed is gone after a restart.
          place: { ...each.place, context: place.context },
          rollout: {
            ...justCommitted,
            stage: 'said' as const,
            workload: { kind: 'Deployment', name: given.deployment, namespace: place.namespace },
          },
        }),
    timeline: [
      ...each.timeline,
      {
        at: each.updatedAt,
        state: isError ? 'awaiting-approval' : 'awaiting-rollout',
        note: actedSentence(acted),
      },
    ],
  }));
  return isError ? { answer: null } : {};
}

function notBegun(): WarRoomError {
  return new WarRoomError(
    'action-failed',
    'War Room ended before the approved call was made, so nothing was done; look at it and accept it again.',
  );
}

/** @throws code `proposal-stale` with the action as it would be now; what the server says against it */
async function requireFresh(
  { records }: DiagnosisPorts,
  lease: ToolLease,
  { id }: Incident,
  action: ClusterAction,
  signal: AbortSignal,
): Promise<void> {
  const found = await previewOf(lease, action.tool, argumentsOf(action), signal);
  if (found.refusal !== null) throw new WarRoomError('action-failed', found.refusal);
  // What was to add pods would take some away.
  if (found.replicas >= (action.arguments.replicas ?? Infinity)) {
    throw new WarRoomError(
      'action-failed',
      `Deployment ${action.arguments.deployment} has ${found.replicas} pods by now, so nothing was done; diagnose it again if that is not enough.`,
    );
  }
  if (found.replicas === action.replicas) return;
  const { now, after, replicas } = found;
  await records.update(id, (each) => ({
    ...each,
    proposal: each.proposal && { ...each.proposal, action: { ...action, now, after, replicas } },
  }));
  throw new WarRoomError(
    'proposal-stale',
    `Deployment ${action.arguments.deployment} was changed since this was proposed (now: ${now}), so nothing was done; look at the action again and accept it again.`,
  );
}

async function sendBack(
  { records, log }: DiagnosisPorts,
  id: string,
  error: unknown,
): Promise<Partial<Run>> {
  const described: NonNullable<Incident['error']> = {
    code: WarRoomError.is(error) ? error.code : 'action-failed',
    // It may hold what a server wrote.
    message: reasonLine(messageOf(error)),
  };
  log.warn(`${id}: ${described.message}`);
  await records.update(id, (each) => ({
    ...each,
    state: 'awaiting-approval',
    decision: null,
    error: described,
  }));
  return { answer: null };
}

/** Nobody knows whether the cluster took it: that is said, and a person looks. */
async function unheard(
  { records }: DiagnosisPorts,
  id: string,
  acted: ActionRun,
): Promise<Partial<Run>> {
  const message = actedSentence(acted);
  await records.update(id, (each) => ({
    ...each,
    acted,
    state: 'failed',
    outcome: 'failed',
    error: { code: 'action-unknown', message },
    timeline: [...each.timeline, { at: each.updatedAt, state: 'failed', note: message }],
  }));
  return {};
}
