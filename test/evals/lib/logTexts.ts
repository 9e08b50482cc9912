import type { EvidenceText } from '../../../src/incident/evidence';
import { readEvidence } from '../../../src/playbooks/read/reading';

/** What a program printed, as against what a platform says of it. */
export function isLog(text: EvidenceText): boolean {
  const printed = entryStarts(text).length;
  return printed > 0 && printed >= text.lines.length / 4;
}

/** Where entries of a log begin, by index: not within a stack trace or what the platform says. */
export function entryStarts(text: EvidenceText): number[] {
  return readEvidence([text], null).lines.flatMap((line, index) =>
    line.kind === 'log' && !line.continues ? [index] : [],
  );
}

/** A text of these lines, numbered anew. */
export function renumbered(text: EvidenceText, lines: readonly string[]): EvidenceText {
  return {
    ...text,
    lines: lines.map((line, index) => ({ number: index + 1, text: line })),
    totalLines: lines.length,
  };
}
