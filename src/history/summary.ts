import { parse, stringify } from 'yaml';

import type { EvidenceText } from '../incident/evidence';
import type { Incident } from '../incident/incident';
import { fence, plain } from '../incident/markdown';

/** The front matter of `summary.md`. Times are ISO 8601 in UTC. */
export interface SummaryFacts {
  id: string;
  category: string | null;
  severity: string | null;
  app: string | null;
  status: string;
  confidence: number | null;
  detected: string;
  resolved: string | null;
  source: string;
  files: readonly string[];
  actions: readonly string[];
}

/** Who said yes to what. */
export interface Approval {
  by: string;
  at: string;
}

/** `summary.md`: what happened, for whoever meets the same again. */
export function summaryOf(
  incident: Incident,
  evidence: readonly EvidenceText[],
  approval: Approval | null,
  diff: string,
): string {
  const facts: SummaryFacts = {
    id: incident.id,
    category: incident.category,
    severity: incident.severity,
    app: incident.app,
    // The record is in git only once it is committed.
    status: 'committed',
    confidence: incident.rootCause?.confidence ?? null,
    detected: incident.createdAt,
    resolved: null,
    source: incident.evidence[0]?.source ?? incident.trigger,
    files: (incident.proposal?.files ?? []).map(({ path }) => path),
    actions: incident.proposal ? [incident.proposal.title] : [],
  };
  const sections = [
    ['What happened', whatHappened(incident)],
    ['Root cause', plain(incident.rootCause?.summary ?? 'Not known.')],
    ['Evidence', citations(incident, evidence)],
    ['Change', change(incident, diff)],
    ['Verification', 'Not verified when this was committed.'],
    ['Timeline', timeline(incident, approval)],
  ];
  const body = sections.map(([title, text]) => `## ${title}\n\n${text}\n`).join('\n');
  return `---\n${stringify(facts, { lineWidth: 0 })}---\n\n# ${incident.id}\n\n${body}`;
}

/** The front matter of a `summary.md`; undefined when there is none that names an incident. */
export function parseSummary(text: string): SummaryFacts | undefined {
  const front = /^---\r?\n([^]*?)\r?\n---\r?\n/.exec(text)?.[1];
  if (front === undefined) return undefined;
  try {
    const facts: unknown = parse(front);
    const named = typeof facts === 'object' && facts !== null && 'id' in facts;
    return named && typeof facts.id === 'string' ? (facts as SummaryFacts) : undefined;
  } catch {
    return undefined;
  }
}

function whatHappened({ trigger, place, hypotheses, createdAt }: Incident): string {
  const where = [
    ['application', place.application],
    ['namespace', place.namespace],
    ['cluster', place.context],
  ].flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  const lines = [
    plain(`Seen in ${trigger} at ${createdAt}${where.length ? ` (${where.join(', ')})` : ''}.`),
  ];
  for (const { category, confidence, why } of hypotheses) {
    lines.push(`- ${category} (${confidence.toFixed(2)}): ${plain(why)}`);
  }
  return lines.join('\n');
}

function citations({ rootCause }: Incident, evidence: readonly EvidenceText[]): string {
  const lines = (rootCause?.evidence ?? []).map(
    ({ source, line, text }) => `${plain(source)}:${line}\n${fence('', text)}`,
  );
  const sources = evidence.map(
    ({ source, totalLines, complete }) =>
      `- ${plain(source)}, ${totalLines} lines${complete ? '' : ', not complete'}`,
  );
  return [...lines, sources.join('\n')].filter((part) => part !== '').join('\n\n') || 'None.';
}

function change({ proposal }: Incident, diff: string): string {
  if (!proposal) return 'None.';
  const { title, reason, formula, leftOut = [] } = proposal;
  const without = leftOut.map(({ path }) => `- ${plain(path)}`).join('\n');
  return [
    plain(`${title}: ${reason}`),
    plain(formula ?? ''),
    fence('diff', diff.trimEnd()),
    without && `Proposed too, and left out by the person who approved:\n\n${without}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What happened when, a line each. */
export function timeline(incident: Incident, approval: Approval | null): string {
  const lines = incident.timeline.map(({ at, state, note }) => ({
    at,
    text: `${state}${note ? `: ${plain(note)}` : ''}`,
  }));
  const approved = approval && { at: approval.at, text: `approved by ${plain(approval.by)}` };
  return [...lines, ...(approved ? [approved] : [])]
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .map(({ at, text }) => `- ${at} ${text}`)
    .join('\n');
}
