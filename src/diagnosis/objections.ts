import { WarRoomError } from '../base/errors';
import type { Category } from '../incident/category';
import type { Incident, Objection } from '../incident/incident';
import { mayFollow } from '../incident/state';
import { maskLine } from '../intake/masking/mask';

/** The categories that the incident's person has ruled out as its cause. */
export function ruledOut({ objections = [] }: Incident): Category[] {
  return objections.flatMap(({ not }) => (not === null ? [] : [not]));
}

/** The incident with its person's word, which counts from the next run on. */
export function withObjection(incident: Incident, objection: Objection): Incident {
  const { objections = [] } = incident;
  // A note is pasted from anywhere, so it may hold a secret as a log may.
  return {
    ...incident,
    objections: [...objections, { ...objection, note: maskLine(objection.note) }],
  };
}

/** @throws code `wrong-state` when the incident cannot be diagnosed again as it stands */
export function requireDiagnosable({ id, state }: Incident): void {
  if (mayFollow(state, 'queued')) return;
  const hint =
    state === 'accepted' ? 'take the acceptance back first' : 'diagnose its log anew with --new';
  throw new WarRoomError(
    'wrong-state',
    `${id} is ${state}, so it was not diagnosed again and nothing was changed; ${hint}.`,
  );
}
