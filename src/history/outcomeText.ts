import type { Incident } from '../incident/incident';
import { plain } from '../incident/markdown';
import { rolloutLines } from '../incident/rolloutWords';
import { timeline } from './summary';

/** How an incident ended, as its `summary.md` says it. */
export interface OutcomeText {
  /** The front matter's word: `resolved`, `escalated`, `rejected`, `reverted`, `reported`. */
  status: string;
  /** ISO 8601; null where the service did not recover. */
  resolved: string | null;
  /** Markdown below the headings. */
  sections: Readonly<Record<'Verification' | 'Timeline', string>>;
}

const ends: readonly Incident['state'][] = ['resolved', 'escalated', 'rejected', 'reported'];

/** How an incident ended; null while it has not. */
export function outcomeText(incident: Incident): OutcomeText | null {
  const { state, rollout, reverted, decision } = incident;
  if (!ends.includes(state)) return null;
  const lines = rolloutLines(incident).map((line) => `- ${plain(line)}`);
  const approval = decision?.kind === 'approved' ? decision : null;
  return {
    status: reverted ? 'reverted' : state,
    resolved: state === 'resolved' ? (rollout?.verdict?.at ?? incident.updatedAt) : null,
    sections: {
      Verification: lines.join('\n') || 'Nothing was verified.',
      Timeline: timeline(incident, approval),
    },
  };
}

/**
 * A `summary.md` with the outcome in its front matter and its last sections. What a person wrote
 * into it stays, and a section that is gone does not come back.
 */
export function withOutcome(text: string, { status, resolved, sections }: OutcomeText): string {
  const front = /^---\r?\n[^]*?\r?\n---\r?\n/.exec(text)?.[0] ?? '';
  const told = front
    .replace(/^status: .*$/m, `status: ${status}`)
    .replace(/^resolved: .*$/m, `resolved: ${resolved ?? 'null'}`);
  return Object.entries(sections).reduce(
    (summary, [title, body]) => withSection(summary, title, body),
    told + text.slice(front.length),
  );
}

/** The last section of that title: a quoted line of the evidence may look like one. */
function withSection(text: string, title: string, body: string): string {
  const heading = [...text.matchAll(new RegExp(`\\n## ${title}(\\r?\\n)\\r?\\n`, 'g'))].at(-1);
  if (!heading) return text;
  // A checkout may have given the file other line ends than the repository has.
  const [all, end = '\n'] = heading;
  const begin = heading.index + all.length;
  const next = text.indexOf(`${end}## `, begin);
  const rest = next < 0 ? '' : text.slice(next);
  return `${text.slice(0, begin)}${body.replaceAll('\n', end)}${end}${rest}`;
}
