import type { EvidenceText } from '../../../src/incident/evidence';
import { literalsIn } from '../../../src/base/literalMatcher';
import { compilePrefilter, toPortable } from '../../../src/intake/scan/prefilter';
import { patterns } from '../../../src/playbooks/engine/patterns';

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

const signals = patterns.flatMap(({ use, regex, literals }) =>
  use.kind === 'signal' ? [{ category: use.playbook.category, pattern: regex, literals }] : [],
);
const prefilter = compilePrefilter(toPortable(signals), 10);

/** The categories with a pattern that matches, in the order of the playbooks. */
function categoriesOf(line: string): string[] {
  const candidates = new Set(prefilter.always);
  for (const literal of literalsIn(prefilter.matcher, line)) {
    for (const pattern of prefilter.announcedBy[literal] ?? []) candidates.add(pattern);
  }
  const matching = [...candidates]
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const signal = signals[index];
      return signal?.pattern.test(line) ? [signal.category] : [];
    });
  return [...new Set(matching)];
}
