import * as vscode from 'vscode';
import type { Citation, EvidenceText } from '../incident/evidence';
import type { Surface } from './surface';

const scheme = 'war-room-text';

/** Masked evidence and commits as read-only documents. */
export class ReadOnlyTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;

  constructor(private readonly surface: Surface) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  dispose(): void {
    this.registration.dispose();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { incidentId, source } = JSON.parse(uri.query) as { incidentId: string; source?: string };
    if (source === undefined) return await this.surface.warRoom.approval.commitText(incidentId);
    const text = await this.evidence(incidentId, source);
    return text
      ? text.lines.map((line) => line.text).join('\n')
      : 'This evidence is not kept any more.';
  }

  /** Jumps to the line of a citation: in the file itself where it can be opened, else in the kept text. */
  async openCitation(incidentId: string, citation: Citation): Promise<void> {
    const file = await workspaceFile(citation.source);
    if (file && (await showLine(file, citation.line - 1))) return;
    const text = await this.evidence(incidentId, citation.source);
    const at = text?.lines.findIndex(({ number }) => number === citation.line) ?? 0;
    await showLine(
      documentUri(citation.source, { incidentId, source: citation.source }),
      Math.max(0, at),
    );
  }

  async openCommit(incidentId: string, sha: string): Promise<void> {
    const uri = documentUri(`${sha.slice(0, 10)}.diff`, { incidentId });
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  private async evidence(incidentId: string, source: string): Promise<EvidenceText | undefined> {
    const texts = await this.surface.warRoom.evidence(incidentId);
    return texts.find((text) => text.source === source);
  }
}

function documentUri(name: string, query: { incidentId: string; source?: string }): vscode.Uri {
  const path = `/${name.replaceAll(/[^\w./-]+/g, '_')}`;
  return vscode.Uri.from({ scheme, path, query: JSON.stringify(query) });
}

async function workspaceFile(source: string): Promise<vscode.Uri | undefined> {
  const candidates = source.startsWith('/')
    ? [vscode.Uri.file(source)]
    : (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri, name }) => [
        vscode.Uri.joinPath(uri, source),
        // With several roots a relative path begins with the root's name.
        ...(source.startsWith(`${name}/`)
          ? [vscode.Uri.joinPath(uri, source.slice(name.length + 1))]
          : []),
      ]);
  for (const uri of candidates) {
    try {
      if ((await vscode.workspace.fs.stat(uri)).type === vscode.FileType.File) return uri;
    } catch {
      // Not there: the next candidate, then the kept text.
    }
  }
  return undefined;
}

/** False when the editor cannot open it, for example since it is larger than 50 MB. */
async function showLine(uri: vscode.Uri, line: number): Promise<boolean> {
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    const range = document.lineAt(Math.min(line, document.lineCount - 1)).range;
    editor.selection = new vscode.Selection(range.start, range.end);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
    return true;
  } catch {
    return false;
  }
}
