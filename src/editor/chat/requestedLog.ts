import * as vscode from 'vscode';
import type { LogSource } from '../../intake/source';
import { fileSources, linesOf, selectionOf, textSource, type Selected } from '../sources';
import { requireTrust } from '../trust';

/** What a chat request asks to be diagnosed. */
export interface RequestedLog {
  /** Undefined when the request holds no log and nothing is selected. */
  selected: Selected | undefined;
  /** Names of attachments that are no text, such as pictures. */
  unread: readonly string[];
}

/** What the chat attaches by itself and nobody chose: the file that is open, instructions, prompts. */
const unchosen = /^vscode\.(implicit\.(?!selection)|instructions|prompt|customizations|automatic)/;

/**
 * The log of a request: what is attached and a text of several lines; else the selection in the
 * editor; else the prompt's single line.
 * @throws code `untrusted-workspace` for a file in a workspace that is not trusted
 */
export async function requestedLog(
  request: Pick<vscode.ChatRequest, 'prompt' | 'references'>,
): Promise<RequestedLog> {
  const chosen = request.references.filter(({ id }) => !unchosen.test(id));
  const attached = await Promise.all(chosen.map(({ value }) => attachment(value)));
  const unread = chosen.flatMap(({ id }, index) => (attached[index] ? [] : [id]));
  const prompt = promptText(request);
  const typed = prompt === '' ? undefined : textSource(prompt, 'chat');
  const parts = [
    ...attached.filter((each) => each !== undefined),
    ...(typed && prompt.includes('\n') ? [typed] : []),
  ];
  return { selected: joined(parts) ?? editorSelection() ?? typed, unread };
}

/** The incident that a prompt names. */
export function incidentIdIn(prompt: string): string | undefined {
  return /\bincident-\d{14}(?:-\d+)?\b/.exec(prompt)?.[0];
}

/** The prompt without the words that stand for what is attached, such as `#file:app.log`. */
function promptText({
  prompt,
  references,
}: Pick<vscode.ChatRequest, 'prompt' | 'references'>): string {
  return references
    .flatMap(({ range }) => (range ? [range] : []))
    .sort(([first], [second]) => second - first)
    .reduce((text, [start, end]) => text.slice(0, start) + text.slice(end), prompt)
    .trim();
}

async function attachment(value: unknown): Promise<Selected | undefined> {
  if (typeof value === 'string') return textSource(value, 'chat');
  if (value instanceof vscode.Location) {
    return linesOf(await vscode.workspace.openTextDocument(value.uri), [value.range]);
  }
  if (!(value instanceof vscode.Uri)) return undefined;
  if (value.scheme === 'file') {
    requireTrust();
    return fileSources([value]);
  }
  const document = await vscode.workspace.openTextDocument(value);
  return linesOf(document, [new vscode.Range(0, 0, document.lineCount, 0)]);
}

function editorSelection(): Selected | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor && selectionOf(editor);
}

function joined(parts: readonly Selected[]): Selected | undefined {
  if (parts.length === 0) return undefined;
  const sources: readonly LogSource[] = parts.flatMap((part) => part.sources);
  return { sources, trigger: parts.map(({ trigger }) => trigger).join(', ') };
}
