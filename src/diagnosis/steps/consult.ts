import { withDeadline } from '../../base/deadline';
import { messageOf } from '../../base/errors';
import type { Analysis } from '../../incident/analysis';
import type { Outcome } from '../../incident/incident';
import type { IncidentState } from '../../incident/state';
import { consultModel } from '../analysts/modelAnalyst';
import type { DiagnosisPorts } from '../ports';
import type { Step } from '../run';
import { reasonLine } from './reason';
import { withAnalysis } from './withAnalysis';

/** A person is told what is sent where within this, or nothing is sent. */
const permissionMs = 60_000;

/**
 * Asks the language model, where a person wants one, about what the playbooks found; then the
 * analysis is done. Nobody is asked about a healthy log.
 */
export function consult(ports: DiagnosisPorts): Step {
  return async ({ id, analysis, useServers }, signal) => {
    if (analysis === null)
      throw new Error('There is nothing to consult about without an analysis.');
    const { analysis: judged, note } = await opinion(ports, { id, analysis, useServers }, signal);
    const end = ends[judged.verdict];
    await ports.records.update(id, (incident) => ({
      ...withAnalysis(incident, judged),
      notes: note === null ? incident.notes : [...new Set([...incident.notes, note])],
      ...(end ? { state: end.state, outcome: end.outcome } : {}),
    }));
    return { analysis: judged };
  };
}

async function opinion(
  ports: DiagnosisPorts,
  { id, analysis, useServers }: { id: string; analysis: Analysis; useServers: boolean },
  signal: AbortSignal,
): Promise<{ analysis: Analysis; note: string | null }> {
  if (analysis.verdict === 'no-incident') return { analysis, note: null };
  try {
    const model = await withDeadline('Asking for the language model', permissionMs, signal, (own) =>
      ports.models.model(own),
    );
    if (model === null) return { analysis, note: null };
    const { place, objections, modelUse } = await ports.records.load(id);
    const texts = await ports.records.readEvidence(id);
    const consulted = {
      incident: { id, place, objections, modelUse },
      texts,
      prior: analysis,
      useServers,
    };
    return await consultModel(ports, model, consulted, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { analysis, note: `No model was asked: ${reasonLine(messageOf(error))}` };
  }
}

const ends: Record<Analysis['verdict'], { state: IncidentState; outcome: Outcome } | undefined> = {
  incident: undefined,
  'no-incident': { state: 'no-incident', outcome: 'no-incident' },
  'insufficient-evidence': { state: 'insufficient-evidence', outcome: 'insufficient-evidence' },
};
