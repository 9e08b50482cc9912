import type { Incident } from '../../incident/incident';
import type { LeaveAnswer } from '../../incident/leave';
import { commandIds } from '../commandIds';
import { withIncidentProgress } from '../incidentProgress';
import { incidentIdOf, registerCommand, type Surface } from '../surface';
import { askLeave } from './askLeave';
import { translate as t } from '../translate';

/**
 * Registers the question whether the servers may start that an incident waits for.
 * @param show shows the incident once its diagnosis has gone on
 */
export function registerLeaveCommand(
  surface: Surface,
  show: (incident: Incident) => Promise<void>,
): void {
  registerCommand(surface, commandIds.answerLeave, async (given) => {
    const id = incidentIdOf(given);
    if (id !== undefined) await answerLeave(surface, id, show);
  });
}

/** Asks for each server that waits, one after the other, and goes on with the diagnosis. */
async function answerLeave(
  surface: Surface,
  id: string,
  show: (incident: Incident) => Promise<void>,
): Promise<void> {
  const { warRoom } = surface;
  const { state, leave } = await warRoom.incident(id);
  if (state !== 'awaiting-leave') return;
  const answers: Record<string, LeaveAnswer> = {};
  for (const request of leave) answers[request.server] = await askLeave(request);
  const incident = await withIncidentProgress(
    surface,
    t('War Room: going on with {0}', id),
    async ({ signal, follow }) => {
      follow(id);
      signal.addEventListener('abort', () => warRoom.cancel(id), { once: true });
      return await warRoom.answerLeave(id, answers);
    },
  );
  await show(incident);
}
