import * as vscode from 'vscode';
import { WarRoomError } from '../base/errors';
import { rolloutStep } from '../incident/rolloutWords';
import { commandIds, type CommandId } from './commandIds';
import { incidentIdOf, registerCommand, type Surface } from './surface';

/** Look Now, Mark as Rolled Out, Mark as Resolved and Record Outcome: what comes after the decision. */
export function registerRolloutCommands(surface: Surface): void {
  const { rollouts } = surface.warRoom;
  const on = (command: CommandId, run: (id: string) => Promise<void>) =>
    registerCommand(surface, command, async (given) => {
      const id = incidentIdOf(given);
      if (id !== undefined) return await run(id);
      throw new WarRoomError('wrong-usage', 'Choose an incident in the tree; nothing was changed.');
    });

  on(commandIds.lookAtRollout, async (id) => {
    const title = 'Looking whether the change is live';
    const location = vscode.ProgressLocation.Window;
    const incident = await vscode.window.withProgress({ location, title }, () => rollouts.look(id));
    vscode.window.setStatusBarMessage(rolloutStep(incident).sentence, 10_000);
  });
  on(commandIds.recordOutcome, async (id) => {
    const { recorded } = await surface.warRoom.approval.recordOutcome(id);
    const commit = recorded?.commit.slice(0, 10) ?? '';
    void vscode.window.showInformationMessage(
      `How the incident ended is recorded in commit ${commit}. Push it so that others see it.`,
    );
  });
  on(commandIds.markRolledOut, async (id) => {
    await rollouts.markRolledOut(id);
  });
  on(commandIds.markResolved, async (id) => {
    await rollouts.close(id);
  });
}
