import type { Citation } from '../incident/evidence';
import type { IncidentPage } from '../incident/page';
import type { Style } from './style';

/** The incident's page for a terminal. */
export function pageText(page: IncidentPage, style: Style): string {
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', style.bold(title), ...lines];
  const quoted = ({ source, line, text }: Citation) =>
    `${style.dim(`${source}:${line}`)}  ${text.trim()}`;
  return [
    style.bold(page.title),
    ...page.facts.map(({ label, value }) => `${style.dim(`${label}:`)} ${value}`),
    ...section('What broke', [page.whatBroke]),
    ...section('Why', page.why.map(quoted)),
    ...section('What was seen', page.seen.map(quoted)),
    ...section('How sure', [
      ...(page.howSure === null ? [] : [page.howSure]),
      ...page.alternatives.map((each) => `- ${each}`),
    ]),
    ...section('Do this now', [
      page.doNow.sentence,
      ...page.doNow.commands.flatMap(({ title, command }) => [`${title}:`, indented(command)]),
    ]),
    ...section('Verification', page.verification),
    ...section('Change', page.diff === null ? [] : [diffText(page.diff, style)]),
    ...section('Rendered by Helm', page.rendered === null ? [] : [diffText(page.rendered, style)]),
    ...section('Formula', page.formula === null ? [] : [page.formula]),
    ...section('Mind', page.warnings),
    ...section('Changed before', page.changedBefore),
    ...section('Could not be checked', page.unchecked),
  ].join('\n');
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}

function diffText(diff: string, style: Style): string {
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (/^\+(?!\+\+ )/.test(line)) return style.green(line);
      return /^-(?!-- )/.test(line) ? style.red(line) : line;
    })
    .join('\n');
}
