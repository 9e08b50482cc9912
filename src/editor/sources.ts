import * as vscode from 'vscode';
import { WarRoomError } from '../base/errors';
import type { LogSource } from '../intake/source';

/** What a person selected, with a name for it in their words. */
export interface Selected {
  sources: readonly LogSource[];
  trigger: string;
}

/** The selected lines of the active editor, whole lines each. */
export function selectionOf(editor: vscode.TextEditor): Selected | undefined {
  const selections = editor.selections.filter(({ isEmpty }) => !isEmpty);
  return selections.length === 0 ? undefined : linesOf(editor.document, selections);
}

/** The lines of a document that ranges touch, whole lines each. */
export function linesOf(document: vscode.TextDocument, touched: readonly vscode.Range[]): Selected {
  const ranges = touched.map((each) => wholeLines(document, each));
  const source = sourceName(document.uri);
  return {
    sources: ranges.map((range) => ({
      kind: 'text',
      source,
      text: document.getText(range),
      firstLine: range.start.line + 1,
    })),
    trigger: `${source}, ${ranges.map(lineWords).join(', ')}`,
  };
}

/** A file as it lies on disk: read in a stream, however large it is. */
export function fileSources(uris: readonly vscode.Uri[]): Selected {
  return {
    sources: uris.map((uri) => ({ kind: 'file', path: uri.fsPath, source: sourceName(uri) })),
    trigger: uris.map(sourceName).join(', '),
  };
}

/** Text without a place of its own. */
export function textSource(text: string, trigger: string): Selected {
  return { sources: [{ kind: 'text', source: '-', text }], trigger };
}

/**
 * The terminal's selection. There is no API for it, so it goes over the clipboard, which gets back
 * what it held.
 */
export async function terminalSelection(): Promise<Selected> {
  const held = await vscode.env.clipboard.readText();
  try {
    await vscode.env.clipboard.writeText('');
    await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
    const text = await vscode.env.clipboard.readText();
    if (text.trim() === '') {
      throw new WarRoomError(
        'empty-log',
        'Nothing is selected in the terminal; select the lines of the failure and try again.',
      );
    }
    return textSource(text, 'terminal selection');
  } finally {
    await vscode.env.clipboard.writeText(held);
  }
}

/** How citations name a document: relative to the workspace where it lies in it. */
function sourceName(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? vscode.workspace.asRelativePath(uri, false) : uri.path || '-';
}

function wholeLines(document: vscode.TextDocument, touched: vscode.Range): vscode.Range {
  const { start, end } = touched;
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return new vscode.Range(start.line, 0, last, document.lineAt(last).text.length);
}

function lineWords({ start, end }: vscode.Range): string {
  return start.line === end.line
    ? `line ${start.line + 1}`
    : `lines ${start.line + 1}-${end.line + 1}`;
}
