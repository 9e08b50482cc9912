import type { EvalCase } from '../../../src/evals/evalCase';
import type { EvidenceText } from '../../../src/incident/evidence';
import { isLog, renumbered } from './logTexts';

/** What is cut off every log, as far as one line of the proof is left. */
export const cutShare = 0.3;

/**
 * The evidence with the first, or the last, 30% of the lines of each log gone. A cut goes not so far
 * that no proof is left, for then the label would not hold; nothing else is spared. Null where the
 * label may not hold all the same: what shows that a failure is over may be what was cut off.
 */
export function cut(
  { proof, script }: Pick<EvalCase, 'proof' | 'script'>,
  texts: readonly EvidenceText[],
  end: 'head' | 'tail',
): EvidenceText[] | null {
  if (end === 'tail' && script !== null && /recovered/.test(script)) return null;
  return texts.map((text) => (isLog(text) ? shortened(text, proof, end) : text));
}

function shortened(
  text: EvidenceText,
  proof: readonly string[],
  end: 'head' | 'tail',
): EvidenceText {
  const lines = text.lines.map((line) => line.text);
  const proves = (line: string): boolean => proof.some((piece) => line.includes(piece));
  const most = Math.floor(lines.length * cutShare);
  if (end === 'head') {
    const last = lines.findLastIndex(proves);
    return renumbered(text, lines.slice(last < 0 ? most : Math.min(most, last)));
  }
  const first = lines.findIndex(proves);
  return renumbered(text, lines.slice(0, Math.max(lines.length - most, first + 1)));
}
