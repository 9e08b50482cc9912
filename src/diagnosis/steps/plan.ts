import type { Analysis } from '../../incident/analysis';
import type { Incident } from '../../incident/incident';
import type { Plan } from '../../incident/proposal';
import type { DiagnosisPorts } from '../ports';
import type { Step } from '../run';
import { proposeAction } from './proposeAction';

/** Finds the change that cures the root cause, or says in words what to do. */
export function plan({ records, planner, servers }: DiagnosisPorts): Step {
  return async ({ id, analysis, answer, roots, useServers }, signal) => {
    if (analysis === null) throw new Error('There is nothing to plan for without an analysis.');
    const incident = await records.update(id, (each) => ({
      ...each,
      state: 'planning',
      place:
        answer?.kind === 'choose' ? { ...each.place, valuesFile: answer.valuesFile } : each.place,
    }));
    const { app, place } = incident;
    const found = analysis.byModelAlone
      ? wordsAlone(analysis)
      : await planner.plan({ analysis, app, place, roots }, signal);
    const made =
      found.kind === 'advice' && useServers
        ? await proposeAction({ servers }, incident, found, signal)
        : found;
    await records.update(id, (each) => withPlan(each, made));
    return { planned: made, answer: null };
  };
}

/** A log can talk to a model, so what only a model says changes no file. */
function wordsAlone({ rootCause }: Analysis): Plan {
  const summary = `No rule confirms this cause, so no change is proposed: ${rootCause?.summary ?? ''}`;
  return { kind: 'advice', advice: { summary, commands: [] } };
}

function withPlan(incident: Incident, made: Plan): Incident {
  switch (made.kind) {
    case 'proposal':
      return {
        ...incident,
        state: 'awaiting-approval',
        outcome: 'proposed',
        proposal: made.proposal,
        typed: {},
        candidates: [],
        place: { ...incident.place, valuesFile: made.proposal.files[0]?.path ?? null },
      };
    case 'choose':
      return {
        ...incident,
        state: 'awaiting-approval',
        outcome: 'advised',
        candidates: made.candidates,
      };
    case 'advice':
      return { ...incident, state: 'reported', outcome: 'advised', advice: made.advice };
  }
}
