import type { EvidenceText } from '../../../src/incident/evidence';

/** Evidence of one source, numbered from 1. */
export function evidence(text: string, source = 'app.log'): EvidenceText {
  const lines = text.replace(/^\n/, '').split('\n');
  return {
    source,
    lines: lines.map((line, index) => ({ number: index + 1, text: line })),
    complete: true,
    totalLines: lines.length,
  };
}
