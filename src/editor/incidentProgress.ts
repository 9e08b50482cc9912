import * as vscode from 'vscode';
import { stateWords } from '../incident/state';
import type { Surface } from './surface';

/** What work under a notification can say and hear. */
export interface IncidentProgress {
  /** Fires when the person presses Cancel. */
  signal: AbortSignal;
  /** Says what is being done. */
  report: (message: string) => void;
  /** From now on says the state that the incident comes to. */
  follow: (id: string) => void;
}

/** Runs work under a notification with Cancel, which says what is being done. */
export async function withIncidentProgress<T>(
  { warRoom }: Pick<Surface, 'warRoom'>,
  title: string,
  work: (progress: IncidentProgress) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return await vscode.window.withProgress(
    { location, title, cancellable: true },
    async (notification, token) => {
      const stop = new AbortController();
      const onCancel = token.onCancellationRequested(() => stop.abort());
      const report = (message: string) => notification.report({ message });
      let followed: string | undefined;
      const following = warRoom.onDidChange(() => {
        if (followed === undefined) return;
        warRoom.incident(followed).then(
          ({ state }) => report(stateWords[state]),
          () => undefined,
        );
      });
      try {
        return await work({ signal: stop.signal, report, follow: (id) => (followed = id) });
      } finally {
        onCancel.dispose();
        following.dispose();
      }
    },
  );
}
