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

/** A table of the one event of a pod. */
export const event = (type: string, reason: string, message: string): string =>
  [
    'LAST SEEN   TYPE      REASON             OBJECT                          MESSAGE',
    `12s         ${type.padEnd(7)}   ${reason.padEnd(16)}   pod/checkout-7d9f8c6b5d-x2x9z   ${message}`,
  ].join('\n');

/** A table of the one task of a swarm. */
export const swarmTask = (error: string): string =>
  [
    'ID                          NAME         IMAGE                 NODE      DESIRED STATE   CURRENT STATE          ERROR',
    `2f7kwgyx620t1gbgddhbns73h   checkout.1   shop/checkout:5.3.1             Running         Pending 2 minutes ago  "${error}"`,
  ].join('\n');
