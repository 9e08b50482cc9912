import { playbooks } from '../../../src/playbooks/registry';
import type { EvidenceText } from '../../../src/incident/evidence';

/** What a diagnosis without knowledge of the platforms would answer. */
export type Baseline = (texts: readonly EvidenceText[]) => string | null;

/** The category whose patterns match the most lines, whatever they are worth. */
export const keywordCount: Baseline = (texts) => {
  const counts = new Map<string, number>();
  for (const line of texts.flatMap((text) => text.lines)) {
    for (const category of categoriesOf(line.text)) {
      counts.set(category, (counts.get(category) ?? 0) + 1);
    }
  }
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? null;
};

/** The first line that says error, exception or fail decides. */
export const firstErrorLine: Baseline = (texts) => {
  const line = texts
    .flatMap((text) => text.lines)
    .find((candidate) => /error|exception|fail/i.test(candidate.text));
  return line ? (categoriesOf(line.text)[0] ?? 'unhandled-exception') : null;
};

/** By the names that reports give them. */
export const baselines: Readonly<Record<string, Baseline>> = {
  'first error line': firstErrorLine,
  'keyword count': keywordCount,
};

function categoriesOf(line: string): string[] {
  return playbooks
    .filter((playbook) => playbook.signals.some((signal) => signal.pattern.test(line)))
    .map((playbook) => playbook.category);
}
