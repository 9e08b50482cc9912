import type { EvidenceLine, EvidenceText } from '../incident/evidence';
import type { Incident } from '../incident/incident';
import { summaryOf } from './summary';
import type { Approval } from './summary';

/** How much of the evidence is kept in git. */
export type EvidencePolicy = 'full' | 'summary' | 'none';

export interface RecordOptions {
  /** Folder of all incidents, relative to the root, with `/`. */
  folder: string;
  evidence: EvidencePolicy;
  /** Kinds of secrets that a text still holds; the last look before it goes into git. */
  scanSecrets: (text: string) => readonly string[];
}

/** The evidence in `incident.json` is at most so large, bytes. */
const evidenceCapBytes = 64 * 1024;
/** Lines around a cited one; where they do not fit, fewer. */
const contexts: readonly number[] = [20, 10, 5, 2, 0];

/** Who approved which values. */
export type Approved = Approval & { values: Readonly<Record<string, string>> };

/**
 * The files of an incident's folder, by path relative to the root: `summary.md`, `change.diff`,
 * `incident.json`. The same input gives the same bytes.
 * @param approval null where nothing was approved
 * @param diff what `git apply` takes
 * @returns and what was left out because it may hold a secret
 */
export function incidentRecord(
  incident: Incident,
  evidence: readonly EvidenceText[],
  approval: Approved | null,
  diff: string,
  options: RecordOptions,
): { files: ReadonlyMap<string, Uint8Array>; notes: readonly string[] } {
  const kept = keptEvidence(incident, evidence, options.evidence);
  const files: [string, string][] = [
    ['summary.md', summaryOf(incident, evidence, approval, diff)],
    ['change.diff', diff],
    ['incident.json', replayable(incident, kept, approval)],
  ];
  const notes: string[] = [];
  const clean = files.map(([name, text]): [string, Uint8Array] => {
    const { text: safe, kinds } = withoutSecrets(text, options.scanSecrets);
    if (kinds.length > 0) {
      notes.push(`Lines of ${name} that may hold a secret (${kinds.join(', ')}) were left out.`);
    }
    return [`${options.folder}/${incident.id}/${name}`, Buffer.from(safe, 'utf8')];
  });
  return { files: new Map(clean), notes };
}

/** Masked evidence and decisions, enough to run the diagnosis again without the cluster. */
function replayable(
  incident: Incident,
  evidence: readonly EvidenceText[],
  approval: Approved | null,
): string {
  const { schema, id, createdAt, trigger, place, category, severity, app } = incident;
  const { keywords, fingerprint, rootCause, hypotheses, missing, unchecked, proposal } = incident;
  const { objections } = incident;
  const record = {
    ...{ schema, id, createdAt, trigger, place, category, severity, app, keywords, fingerprint },
    ...{ rootCause, hypotheses, missing, unchecked, proposal, objections },
    decision: approval ? { kind: 'approved', ...approval } : incident.decision,
    evidence,
  };
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** The cited lines with those around them, as many as fit. */
export function keptEvidence(
  incident: Incident,
  evidence: readonly EvidenceText[],
  policy: EvidencePolicy,
): readonly EvidenceText[] {
  if (policy === 'none') return [];
  if (policy === 'full') return evidence;
  const cited = (incident.rootCause?.evidence ?? []).map(({ source, line }) => ({ source, line }));
  for (const context of contexts) {
    const kept = evidence.map((text) => around(text, cited, context));
    if (Buffer.byteLength(JSON.stringify(kept, null, 1)) <= evidenceCapBytes) return kept;
  }
  return [];
}

function around(
  text: EvidenceText,
  cited: readonly { source: string; line: number }[],
  context: number,
): EvidenceText {
  const near = cited.flatMap(({ source, line }) => (source === text.source ? [line] : []));
  const isKept = ({ number }: EvidenceLine) =>
    near.some((line) => Math.abs(line - number) <= context);
  const lines = text.lines.filter(isKept);
  return { ...text, lines, complete: text.complete && lines.length === text.totalLines };
}

/** A line that may hold a secret goes; where none is to blame alone, the whole text goes. */
export function withoutSecrets(
  text: string,
  scan: (text: string) => readonly string[],
): { text: string; kinds: readonly string[] } {
  const kinds = [...new Set(scan(text))];
  if (kinds.length === 0) return { text, kinds };
  const left = text
    .split('\n')
    .filter((line) => scan(line).length === 0)
    .join('\n');
  return { text: scan(left).length === 0 ? left : '', kinds };
}
