import * as vscode from 'vscode';
import { WarRoomError } from '../base/errors';
import type { Incident } from '../incident/incident';
import { titleOf } from '../incident/page';
import type { IncidentState } from '../incident/state';
import { shownIn } from './proposalDiffs';
import { incidentIdOf, type Surface } from './surface';

/** The incident that is meant; asked for when several could be. */
export async function chooseIncident(
  { warRoom }: Surface,
  given: unknown,
  states: readonly IncidentState[],
): Promise<Incident | undefined> {
  const shown = shownIn(vscode.window.tabGroups.activeTabGroup.activeTab);
  const id = incidentIdOf(given) ?? incidentIdOf(shown);
  if (id !== undefined) return await warRoom.incident(id);
  const fitting = (await warRoom.incidents()).filter(({ state }) => states.includes(state));
  if (fitting.length === 0) {
    throw new WarRoomError('wrong-state', 'No incident waits for that; nothing was changed.');
  }
  if (fitting.length === 1) return fitting[0];
  const chosen = await vscode.window.showQuickPick(
    fitting.map((incident) => ({ label: titleOf(incident), detail: incident.id, incident })),
    { title: 'Which incident?' },
  );
  return chosen?.incident;
}
