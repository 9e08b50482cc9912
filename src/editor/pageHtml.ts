import type { Citation } from '../incident/evidence';
import type { Incident } from '../incident/incident';
import { pageOf, type IncidentPage } from '../incident/page';
import { commandIds, type CommandId } from './commandIds';
import { actionsOf, type IncidentAction } from './incidentActions';

export interface PageSurroundings {
  /** A crash left the incident's commit half-done. */
  interrupted: boolean;
  /** Where a page of the editor may load styles from. */
  cspSource: string;
  styleUri: string;
}

/**
 * The incident's page as HTML: no script, no network; what can be pressed is a command link, and
 * only {@link linkableCommands} may be.
 */
export function pageHtml(
  incident: Incident,
  { interrupted, cspSource, styleUri }: PageSurroundings,
): string {
  const page = pageOf(incident, interrupted);
  const quoted = (citation: Citation): string => citationHtml(incident.id, citation);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${cspSource};">
<link rel="stylesheet" href="${escape(styleUri)}">
<title>${escape(page.title)}</title>
</head>
<body>
<header>
<h1>${escape(page.title)}</h1>
<dl class="facts">${page.facts.map(fact).join('')}</dl>
<nav>${buttons(incident, interrupted).join(' ')}</nav>
</header>
${section('What broke', paragraph(page.whatBroke))}
${section('Why', page.why.map(quoted).join(''))}
${section('What was seen', page.seen.map(quoted).join(''))}
${section('How sure', howSure(page))}
${section('Do this now', doNow(page))}
${section('Verification', list(page.verification))}
${section('Change', page.diff === null ? '' : diffHtml(page.diff))}
${section('Rendered by Helm', page.rendered === null ? '' : diffHtml(page.rendered))}
${section('Formula', page.formula === null ? '' : `<pre>${escape(page.formula)}</pre>`)}
${section('Mind', list(page.warnings))}
${section('Changed before', list(page.changedBefore))}
${section('Could not be checked', list(page.unchecked))}
</body>
</html>`;
}

/** The commands that a page may link to. */
export const linkableCommands: readonly CommandId[] = [
  commandIds.openCitation,
  commandIds.openProposal,
  commandIds.accept,
  commandIds.acceptAndCommit,
  commandIds.reject,
  commandIds.undoAccept,
  commandIds.push,
  commandIds.pushBranch,
  commandIds.revertFix,
  commandIds.recordOutcome,
  commandIds.diagnoseAgain,
  commandIds.finishCommit,
  commandIds.answerLeave,
  commandIds.chooseValuesFile,
  commandIds.chooseRepository,
  commandIds.showCommit,
  commandIds.copyMarkdown,
  commandIds.copyText,
  commandIds.showLogs,
];

function buttons(incident: Incident, interrupted: boolean): string[] {
  const all: readonly IncidentAction[] = [
    ...actionsOf(incident, interrupted),
    [commandIds.copyMarkdown, 'Copy as Markdown'],
  ];
  return all.map(
    ([command, label], index) =>
      `<a class="button${index === 0 ? ' main' : ''}" role="button" href="${link(command, incident.id)}">${escape(label)}</a>`,
  );
}

function link(command: CommandId, ...given: unknown[]): string {
  return escape(`command:${command}?${encodeURIComponent(JSON.stringify(given))}`);
}

function fact({ label, value }: { label: string; value: string }): string {
  return `<div><dt>${escape(label)}</dt><dd>${escape(value)}</dd></div>`;
}

function citationHtml(id: string, citation: Citation): string {
  const { source, line, text } = citation;
  const href = link(commandIds.openCitation, id, citation);
  return `<p class="citation"><a href="${href}">${escape(`${source}:${line}`)}</a><code>${escape(text.trim())}</code></p>`;
}

function howSure(page: IncidentPage): string {
  if (page.howSure === null) return list(page.alternatives);
  const besides =
    page.alternatives.length > 0 ? `<p>Also thought of:</p>${list(page.alternatives)}` : '';
  return `${paragraph(page.howSure)}${besides}`;
}

function doNow({ doNow: { sentence, commands } }: IncidentPage): string {
  const lines = sentence.split('\n- ');
  const steps = lines.length > 1 ? list(lines.slice(1)) : '';
  return `${paragraph(lines[0] ?? '')}${steps}${commands.map(commandHtml).join('')}`;
}

function commandHtml({ title, command }: { title: string; command: string }): string {
  const copy = `<a class="copy" role="button" href="${link(commandIds.copyText, command)}">Copy</a>`;
  return `<div class="command"><span>${escape(title)}</span> ${copy}<pre>${escape(command)}</pre></div>`;
}

function diffHtml(diff: string): string {
  const lines = diff
    .trimEnd()
    .split('\n')
    .map((line) => `<span class="${diffClass(line)}">${escape(line)}</span>`);
  return `<pre class="diff">${lines.join('\n')}</pre>`;
}

function diffClass(line: string): string {
  if (line.startsWith('+') && !line.startsWith('+++')) return 'added';
  return line.startsWith('-') && !line.startsWith('---') ? 'removed' : 'context';
}

function section(title: string, body: string): string {
  return body ? `<section><h2>${escape(title)}</h2>${body}</section>` : '';
}

function paragraph(text: string): string {
  return `<p>${escape(text)}</p>`;
}

function list(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<ul>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Log text is data: nothing in it becomes markup. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
