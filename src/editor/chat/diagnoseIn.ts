import * as vscode from 'vscode';
import type { Incident } from '../../incident/incident';
import { followStates } from '../followStates';
import type { Selected } from '../sources';
import type { Surface } from '../surface';
import { translate as t } from '../translate';

/** Diagnoses a log and says in the chat, line by line, what is being done. */
export async function diagnoseIn(
  surface: Surface,
  { sources, trigger }: Selected,
  response: vscode.ChatResponseStream,
  signal: AbortSignal,
): Promise<Incident> {
  let said = '';
  const say = (words: string) => {
    // Once each: what the chat has shown stays in it.
    if (words !== said && !signal.aborted) response.progress((said = words));
  };
  const states = followStates(surface, say);
  say(t('reading {0}', trigger));
  try {
    return await surface.warRoom.diagnose(
      {
        sources,
        trigger,
        useServers: vscode.workspace.isTrusted,
        onProgress: (progress) => {
          if (progress.step === 'waiting') say(t('waiting for its turn'));
          if (progress.step === 'opened') states.follow(progress.id);
        },
      },
      signal,
    );
  } finally {
    states.dispose();
  }
}
