import { describe, expect, it } from 'vitest';
import type { Category } from '../../../src/incident/category';
import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';

/** What each category really prints, on different platforms, and what only looks like it. */
export type Samples = Partial<
  Record<Category, { real: readonly string[]; alike: readonly string[] }>
>;

/** One test for each sample: it is seen and cited, or it is not taken for that category. */
export function testSamples(samples: Samples): void {
  describe.each(Object.entries(samples))('%s', (category, { real, alike }) => {
    it.each(real)('is seen in: %s', (text) => {
      const analysis = analyse([evidence(text)]);
      expect(analysis.category).toBe(category);
      const cited = analysis.rootCause?.evidence ?? [];
      expect(cited.length).toBeGreaterThan(0);
      for (const citation of cited) expect(text.split('\n')).toContain(citation.text);
    });

    it.each(alike)('is not seen in: %s', (text) => {
      expect(analyse([evidence(text)]).category).not.toBe(category);
    });
  });
}
