import * as vscode from 'vscode';
import type { DisposableLike } from '../../base/disposables';
import { messageOf } from '../../base/errors';
import type { FailedServer } from '../../pool/status';
import { statusText } from '../../pool/statusText';
import type { PoolFeed } from './poolFeed';
import type { Translate } from './texts';

export const poolScheme = 'war-room-pool';

/** What a document of the pool shows; it stands in the query of its URI. */
type Shown =
  | { kind: 'status' }
  | { kind: 'log'; server: string; id: string }
  | { kind: 'inspect'; server: string; id: string }
  | ({ kind: 'failure' } & FailedServer);

/** The pool's read-only documents. Logs and the status follow while they are on the screen. */
export class PoolDocuments implements DisposableLike {
  private readonly lines = new Map<string, number>();
  private readonly texts = new Map<string, string>();
  private readonly owned: DisposableLike[];
  private watching: DisposableLike | undefined;

  /** @param changed tells the editor that a document has another text */
  constructor(
    private readonly feed: PoolFeed,
    private readonly changed: (uri: vscode.Uri) => void,
    private readonly t: Translate,
  ) {
    this.owned = [
      feed.onDidChange(() => void this.follow()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.watchWhileVisible()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.keepEndInSight(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
    ];
    this.watchWhileVisible();
  }

  dispose(): void {
    for (const each of this.owned) each.dispose();
    this.watching?.dispose();
  }

  async showStatus(): Promise<void> {
    await show('War Room Pool.txt', { kind: 'status' });
  }

  /** Opens the log at its end. */
  async showLog(id: string, server: string): Promise<void> {
    const editor = await show(`${server}.log`, { kind: 'log', server, id });
    revealEnd(editor);
  }

  async showInspection(id: string, server: string): Promise<void> {
    await show(`${server}.json`, { kind: 'inspect', server, id });
  }

  async showFailure(failure: FailedServer): Promise<void> {
    await show(`${failure.server}.txt`, { kind: 'failure', ...failure });
  }

  /** The text of a document, for the editor. */
  async provide(uri: vscode.Uri): Promise<string> {
    const text = await this.read(uri);
    this.texts.set(uri.toString(), text);
    return text;
  }

  private async read(uri: vscode.Uri): Promise<string> {
    const { feed, t } = this;
    const shown = JSON.parse(uri.query) as Shown;
    switch (shown.kind) {
      case 'status': {
        const status = feed.status();
        const language = vscode.env.language.startsWith('ko') ? 'ko' : 'en';
        return status ? statusText(status, language) : t('No server has run in this window.');
      }
      case 'log':
        return await this.log(uri, shown);
      case 'inspect':
        return JSON.stringify(await feed.face.inspectServer(shown.id), undefined, 2);
      case 'failure':
        return `${shown.at} ${shown.server}\n\n${shown.message}`;
    }
  }

  /** What was read stays when the server goes. */
  private async log(uri: vscode.Uri, { id, server }: { id: string; server: string }) {
    const isThere = this.feed.status()?.servers.some((each) => each.id === id);
    if (isThere) {
      const lines = await this.feed.face.serverLines(id);
      return lines.length > 0 ? lines.join('\n') : this.t('{0} has written no log yet.', server);
    }
    const end = this.t('{0} has stopped.', server);
    const kept = this.texts.get(uri.toString()) ?? '';
    if (kept.endsWith(end)) return kept;
    return kept ? `${kept}\n\n${end}` : end;
  }

  private async follow(): Promise<void> {
    for (const { uri } of followed()) {
      // The server may go at this very moment; the next look says so.
      const text = await this.read(uri).catch(messageOf);
      if (text !== this.texts.get(uri.toString())) this.changed(uri);
    }
  }

  private watchWhileVisible(): void {
    if (followed().length > 0) this.watching ??= this.feed.watch();
    else {
      this.watching?.dispose();
      this.watching = undefined;
    }
  }

  /** Who reads the end goes on reading the end; who has scrolled up is left there. */
  private keepEndInSight({ uri, lineCount }: vscode.TextDocument): void {
    if (uri.scheme !== poolScheme) return;
    const before = this.lines.get(uri.toString()) ?? lineCount;
    this.lines.set(uri.toString(), lineCount);
    for (const editor of editorsOf(uri)) {
      const last = editor.visibleRanges.at(-1)?.end.line ?? 0;
      if (kindOf(uri) === 'log' && last >= before - 2) revealEnd(editor);
    }
  }

  private forget(uri: vscode.Uri): void {
    this.lines.delete(uri.toString());
    this.texts.delete(uri.toString());
  }
}

function kindOf(uri: vscode.Uri): Shown['kind'] {
  return (JSON.parse(uri.query) as Shown).kind;
}

/** Documents on the screen whose text goes on. */
function followed(): vscode.TextDocument[] {
  return vscode.window.visibleTextEditors
    .map(({ document }) => document)
    .filter(({ uri }) => uri.scheme === poolScheme && ['log', 'status'].includes(kindOf(uri)));
}

function editorsOf(uri: vscode.Uri): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
}

function revealEnd(editor: vscode.TextEditor): void {
  // The start of the last line: its end may be far to the right.
  const last = editor.document.lineAt(editor.document.lineCount - 1).range.start;
  editor.revealRange(new vscode.Range(last, last), vscode.TextEditorRevealType.Default);
}

async function show(name: string, shown: Shown): Promise<vscode.TextEditor> {
  const path = `/${name.replaceAll(/[^\w. @-]+/g, '_')}`;
  const uri = vscode.Uri.from({ scheme: poolScheme, path, query: JSON.stringify(shown) });
  return await vscode.window.showTextDocument(uri, { preview: true });
}
