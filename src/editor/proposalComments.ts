import * as vscode from 'vscode';
import type { Citation } from '../incident/evidence';
import type { Incident } from '../incident/incident';
import type { FileChange, Proposal } from '../incident/proposal';
import { changedLines } from './changedLines';
import { commandIds } from './commandIds';
import { commandLink } from './commandLink';
import { proposalUri } from './proposalUri';

/** Lines of evidence that stand beside a change; the incident's page has them all. */
const mostLines = 4;
const longestLine = 160;

/**
 * Read-only comment threads beside each change of the diffs that are open: why it is made, and the
 * evidence that proves it, with a jump to each line.
 */
export class ProposalComments implements vscode.Disposable {
  private readonly controller = vscode.comments.createCommentController('warRoom', 'War Room');
  /** By the right side's uri; `said` is what they were made from. */
  private readonly threads = new Map<string, { said: string; threads: vscode.CommentThread[] }>();

  dispose(): void {
    this.controller.dispose();
    this.threads.clear();
  }

  /** Shows the threads of these incidents where their diffs are open, and takes all others away. */
  show(incidents: readonly Incident[]): void {
    const shown = new Set<string>();
    const open = openDiffs();
    for (const incident of incidents) {
      for (const change of incident.proposal?.files ?? []) {
        const uri = proposalUri(incident.id, incident.root, change.path);
        const key = uri.toString();
        if (!open.has(key)) continue;
        shown.add(key);
        this.beside(uri, incident, change);
      }
    }
    for (const key of [...this.threads.keys()]) if (!shown.has(key)) this.remove(key);
  }

  private beside(uri: vscode.Uri, incident: Incident, change: FileChange): void {
    const key = uri.toString();
    const { proposal, rootCause } = incident;
    if (!proposal || !rootCause) return;
    const text = wordsOf(incident.id, proposal, rootCause.evidence);
    const said = JSON.stringify([change.diff, text]);
    if (this.threads.get(key)?.said === said) return;
    this.remove(key);
    const threads = changedLines(change.diff).map(({ start, end }, index) => {
      const thread = this.controller.createCommentThread(uri, new vscode.Range(start, 0, end, 0), [
        {
          body: markdown(index === 0 ? text : shortly(incident.id, rootCause.evidence)),
          mode: vscode.CommentMode.Preview,
          author: { name: 'War Room' },
        },
      ]);
      thread.canReply = false;
      thread.label = 'Evidence';
      // The change itself comes first: an open thread would push it out of sight.
      thread.collapsibleState = vscode.CommentThreadCollapsibleState.Collapsed;
      return thread;
    });
    this.threads.set(key, { said, threads });
  }

  private remove(key: string): void {
    for (const thread of this.threads.get(key)?.threads ?? []) thread.dispose();
    this.threads.delete(key);
  }
}

function openDiffs(): Set<string> {
  return new Set(
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .flatMap(({ input }) =>
        input instanceof vscode.TabInputTextDiff ? [input.modified.toString()] : [],
      ),
  );
}

function wordsOf(id: string, { reason, formula }: Proposal, evidence: readonly Citation[]): string {
  const why = [escaped(reason), ...(formula === null ? [] : [code(formula)])].join('  \n');
  return `${why}\n\n${evidence
    .slice(0, mostLines)
    .map((each) => quoted(id, each))
    .join('\n\n')}`;
}

function shortly(id: string, evidence: readonly Citation[]): string {
  return evidence
    .slice(0, 1)
    .map((each) => quoted(id, each))
    .join('');
}

/** Log text is data: it stands as code and becomes no markup. */
function quoted(id: string, citation: Citation): string {
  const { source, line, text } = citation;
  const name = escaped(`${source.split('/').at(-1) ?? source}:${line}`);
  const link = commandLink(name, commandIds.openCitation, [id, citation], 'Show the line');
  return `${link}  \n${code(text)}`;
}

function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().slice(0, longestLine);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!<>|~&]/g, '\\$&');
}

function markdown(text: string): vscode.MarkdownString {
  const value = new vscode.MarkdownString(text);
  value.isTrusted = { enabledCommands: [commandIds.openCitation] };
  return value;
}
