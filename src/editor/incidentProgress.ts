import * as vscode from 'vscode';
import { followStates } from './followStates';
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
  surface: Pick<Surface, 'warRoom'>,
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
      const following = followStates(surface, report);
      try {
        return await work({ signal: stop.signal, report, follow: following.follow });
      } finally {
        onCancel.dispose();
        following.dispose();
      }
    },
  );
}
