import { exactCall } from '../base/exactCall';
import { unheardWords } from '../base/unheard';
import type { Incident } from './incident';

/** What is done to a cluster when no file is to be changed: the tools of the kubectl server. */
export type ActionTool = 'restart_deployment' | 'scale_deployment';

/** A remedy that is worth trying in the cluster itself; whether it may be is asked there. */
export interface WantedAction {
  tool: ActionTool;
  /** Why this cures the root cause, as a sentence. */
  reason: string;
  /** What the person should know before saying yes. */
  warnings: readonly string[];
}

/** An action that waits for a person: one call of one tool, at one place. */
export interface ClusterAction {
  tool: ActionTool;
  /** The arguments besides the place. */
  arguments: { deployment: string; replicas?: number };
  place: { context: string; namespace: string };
  /** In words, as the server tells it before and after its dry run. */
  now: string;
  after: string;
  /** How many pods were wanted when it was proposed: another number means that it is stale. */
  replicas: number;
}

/** An approved action, written down before it is made so that it is never made twice. */
export interface ActionRun {
  /** The exact call. */
  call: string;
  by: string;
  /** When it was approved, which tells one approval from the next. */
  at: string;
  /** `unknown` until the cluster has answered, and for ever where nobody heard the answer. */
  result: 'unknown' | 'done' | 'failed';
  /** What the cluster answered. */
  answer: string | null;
}

/** The call of an action as the person approves it and as it is made. */
export function callOf(action: ClusterAction): string {
  return exactCall(action.tool, argumentsOf(action));
}

/** Every argument of an action's call. */
export function argumentsOf({ place, arguments: given }: ClusterAction) {
  return { ...place, ...given };
}

/** The action of an incident as a document to read before it is approved; Markdown. */
export function actionDocument({ id, proposal, acted }: Incident): string {
  const action = proposal?.action;
  if (!proposal || !action) return `${id} proposes no action in a cluster.\n`;
  const { place, now, after } = action;
  return [
    `# ${proposal.title}`,
    'Nothing of this has happened. Accept makes exactly this call, once; Reject makes none.',
    ['```', callOf(action), '```'].join('\n'),
    [
      ['Cluster', place.context],
      ['Namespace', place.namespace],
      ['Now', now],
      ['After', after],
    ]
      .map(([label, value]) => `- **${label}:** ${value}`)
      .join('\n'),
    '## Why',
    proposal.reason,
    ...(proposal.formula === null ? [] : [`Formula: ${proposal.formula}`]),
    ...(proposal.warnings.length === 0
      ? []
      : ['## Mind', proposal.warnings.map((warning) => `- ${warning}`).join('\n')]),
    '## Before it is done',
    'The server has tried the call without keeping anything (dry run). Before a restart the logs of the pods, also of their run before, are kept with the incident.',
    ...(acted ? ['## The last time', actedSentence(acted)] : []),
  ]
    .join('\n\n')
    .concat('\n');
}

/** What came of the incident's action; null where it proposes none, or another answer by now. */
export function actionRunOf({ proposal, acted }: Incident): ActionRun | null {
  return (proposal?.action && acted) ?? null;
}

/** What came of an action, in one sentence. */
export function actedSentence({ call, by, at, result, answer }: ActionRun): string {
  const who = `${call} was approved by ${by} at ${at}`;
  switch (result) {
    case 'done':
      return `${who} and done: ${answer ?? ''}.`;
    case 'failed':
      return `${who} and not done: ${answer ?? ''}`;
    case 'unknown':
      return `${who}; its answer was not heard, so ${unheardWords}. It is not repeated: look at the deployment first.`;
  }
}
