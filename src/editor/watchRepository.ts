import type * as vscode from 'vscode';
import { messageOf } from '../base/errors';
import { waitingStates } from '../incident/state';
import { gitRepository } from './gitExtension';
import type { Surface } from './surface';

const settleMs = 400;

/**
 * Compares what waits with git whenever the repository changes: a commit from the Source Control
 * view or a terminal counts as approval, a discarded change takes it back.
 */
export function watchRepository({ warRoom, log }: Surface): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let listening: vscode.Disposable | undefined;
  let ended = false;

  const compareSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      warRoom.reconcile().catch((error: unknown) => {
        log.warn(`What waits could not be compared with git: ${messageOf(error)}`);
      });
    }, settleMs);
  };

  // The Git extension is asked for only when something waits, so that it is not started for nothing.
  const listenWhenNeeded = async () => {
    if (listening || ended) return;
    const incidents = await warRoom.incidents();
    if (!incidents.some(({ state }) => waitingStates.includes(state))) return;
    const root = await warRoom.repository();
    const repository = root === null ? undefined : await gitRepository(root);
    if (!repository || listening || ended) return;
    listening = repository.state.onDidChange(compareSoon);
    compareSoon();
  };
  const tryListen = () => {
    listenWhenNeeded().catch((error: unknown) => {
      log.debug(`The repository is not watched: ${messageOf(error)}`);
    });
  };

  const following = warRoom.onDidChange(tryListen);
  tryListen();
  return {
    dispose: () => {
      ended = true;
      clearTimeout(timer);
      following.dispose();
      listening?.dispose();
    },
  };
}
