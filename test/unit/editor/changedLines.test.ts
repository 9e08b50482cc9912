import { describe, expect, it } from 'vitest';

import { changedLines } from '../../../src/editor/changedLines';
import { unifiedDiff } from '../../../src/remediation/unifiedDiff';

const lines = Array.from({ length: 40 }, (_, index) => `key${index}: ${index}`);

function changed(change: (lines: string[]) => void) {
  const after = [...lines];
  change(after);
  const bytes = (each: string[]) => Buffer.from(`${each.join('\n')}\n`);
  return changedLines(unifiedDiff('values.yaml', bytes(lines), bytes(after)));
}

describe('The lines that a diff changes', () => {
  it('are one range for each run, counted in the new text', () => {
    expect(
      changed((after) => {
        after[3] = 'key3: new';
        after[4] = 'key4: new';
        after.splice(20, 0, '+added: true', 'more: true');
      }),
    ).toEqual([
      { start: 3, end: 4 },
      { start: 20, end: 21 },
    ]);
  });

  it('are none where lines only go', () => {
    expect(changed((after) => after.splice(5, 2))).toEqual([]);
  });
});
