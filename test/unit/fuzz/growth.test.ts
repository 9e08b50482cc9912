import { analyse, type Report } from 'scslre';
import { describe, expect, it } from 'vitest';
import { sourcePatterns } from '../../fuzz/sourcePatterns';

/**
 * Read from the patterns' structure, so that no clock is asked: two repeats that can share a text
 * between them, a repeat that can begin anywhere in what it repeats, or one in one.
 */
describe('patterns that see evidence', () => {
  it('hold no repeats whose time grows faster than their text', () => {
    const grows = sourcePatterns().flatMap(({ where, regex }) =>
      analyse(regex, { reportTypes: { Move: true, Self: true, Trade: true } }).reports.map(
        (report) => `${where} ${partsOf(report)} of ${regex.source}`,
      ),
    );

    expect(grows).toEqual([]);
  });
});

function partsOf(report: Report): string {
  return report.type === 'Trade'
    ? `${report.startQuant.raw} and ${report.endQuant.raw}`
    : report.quant.raw;
}
