import { actedSentence, callOf } from './clusterAction';
import type { Incident } from './incident';
import type { IncidentPage } from './page';
import { rolloutStep } from './rolloutWords';

/** What to do about an action in the cluster: approve it, or see what came of it; else null. */
export function actionStep(incident: Incident): IncidentPage['doNow'] | null {
  const { state, proposal, acted, decision } = incident;
  const action = proposal?.action;
  const watched = acted?.result === 'done' && state !== 'awaiting-rollout' && incident.rollout;
  if (watched) return rolloutStep(incident);
  if (acted && state !== 'awaiting-approval' && decision?.kind !== 'rejected') {
    const command = action
      ? `kubectl rollout status deployment/${action.arguments.deployment} -n ${action.place.namespace} --context ${action.place.context}`
      : null;
    return {
      sentence: actedSentence(acted),
      commands: command === null ? [] : [{ title: 'See how far it is', command }],
    };
  }
  if (!proposal || !action || decision?.kind === 'rejected') return null;
  const { place, now, after } = action;
  const title = proposal.title.charAt(0).toUpperCase() + proposal.title.slice(1);
  return {
    sentence: `${title} in namespace ${place.namespace} of context ${place.context}. ${proposal.reason} Now: ${now}. After: ${after}.`,
    commands: [{ title: 'The exact call, made once after Accept', command: callOf(action) }],
  };
}

/** What to do where a crash came while an action was made. */
export const interruptedAction =
  'It was interrupted while the approved action was made: accept again to hear what is known of it. It is not made a second time.';
