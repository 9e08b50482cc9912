import * as vscode from 'vscode';
import { spentText } from '../diagnosis/analysts/spent';
import type { Progress } from '../diagnosis/diagnose';
import type { Incident } from '../incident/incident';
import { commandIds } from './commandIds';
import { withIncidentProgress } from './incidentProgress';
import { fileSources, selectionOf, terminalSelection, textSource, type Selected } from './sources';
import { registerCommand, type Surface } from './surface';
import { requireTrust } from './trust';

/** The ways in: a selection, a file, the terminal, the clipboard. */
export function registerDiagnoseCommands(
  surface: Surface,
  show: (incident: Incident) => Promise<void>,
): void {
  const diagnose = async (selected: Selected | undefined) => {
    if (selected) await diagnoseWithProgress(surface, selected, show);
  };
  registerCommand(surface, commandIds.diagnoseSelection, async () => {
    await diagnose(await editorSelection());
  });
  registerCommand(surface, commandIds.diagnoseFile, async (uri, uris) => {
    requireTrust();
    await diagnose(await chosenFiles(uri, uris));
  });
  registerCommand(surface, commandIds.diagnoseTerminalSelection, async () => {
    await diagnose(await terminalSelection());
  });
  registerCommand(surface, commandIds.diagnoseClipboard, async () => {
    await diagnose(textSource(await vscode.env.clipboard.readText(), 'clipboard'));
  });
}

/** Without a selection the whole file or the clipboard is offered, never taken unasked. */
async function editorSelection(): Promise<Selected | undefined> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor && selectionOf(editor);
  if (selected) return selected;
  const onDisk = editor?.document.uri.scheme === 'file' ? editor.document.uri : undefined;
  const wholeFile = 'Diagnose Whole File';
  const clipboard = 'Diagnose Clipboard';
  const chosen = await vscode.window.showWarningMessage(
    'No lines are selected: select the lines of the failure, or choose what to diagnose instead.',
    ...(onDisk ? [wholeFile] : []),
    clipboard,
  );
  if (chosen === wholeFile && onDisk) return fileSources([onDisk]);
  if (chosen !== clipboard) return undefined;
  return textSource(await vscode.env.clipboard.readText(), 'clipboard');
}

async function chosenFiles(uri: unknown, uris: unknown): Promise<Selected | undefined> {
  const given = Array.isArray(uris) && uris.length > 0 ? uris : [uri];
  const files = given.filter((each): each is vscode.Uri => each instanceof vscode.Uri);
  const chosen =
    files.length > 0
      ? files
      : await vscode.window.showOpenDialog({
          canSelectMany: true,
          openLabel: 'Diagnose',
          title: 'Choose the log to diagnose',
        });
  return chosen && fileSources(chosen);
}

async function diagnoseWithProgress(
  surface: Surface,
  { sources, trigger }: Selected,
  show: (incident: Incident) => Promise<void>,
): Promise<void> {
  const incident = await withIncidentProgress(
    surface,
    `War Room: ${trigger}`,
    async ({ signal, report, follow }) => {
      const onProgress = (progress: Progress) => {
        if (progress.step === 'opened') follow(progress.id);
        report(progressWords(progress));
      };
      const useServers = vscode.workspace.isTrusted;
      return await surface.warRoom.diagnose({ sources, trigger, useServers, onProgress }, signal);
    },
  );
  surface.log.info(`${incident.id}: ${incident.state}`);
  await show(incident);
}

function progressWords(progress: Progress): string {
  if (progress.step === 'waiting') return 'waiting for its turn';
  if (progress.step === 'opened') return 'reading the log';
  if (progress.step === 'model') return spentText(progress.spent);
  const { bytes, totalBytes } = progress;
  const mib = (count: number) => `${Math.round(count / 1_048_576)} MiB`;
  return totalBytes ? `reading ${mib(bytes)} of ${mib(totalBytes)}` : `reading ${mib(bytes)}`;
}
