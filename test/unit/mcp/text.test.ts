import { describe, expect, it } from 'vitest';

import { bound, table } from '../../../src/mcp/shared/text';

const lines = Array.from({ length: 1000 }, (_, number) => `line ${number}`);

describe('bounding a text', () => {
  it('leaves a text that fits as it is', () => {
    expect(bound('one\ntwo', 'tail')).toEqual({ text: 'one\ntwo', cutLines: 0 });
  });

  it('keeps the end of a log, and says how much is gone', () => {
    const { text, cutLines } = bound(lines.join('\n'), 'tail', 1024);
    const kept = text.split('\n');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024);
    expect(kept[0]).toBe(`[${cutLines} earlier lines left out: the answer would exceed 1 KiB]`);
    expect(kept.slice(1)).toEqual(lines.slice(cutLines));
  });

  it('keeps the head of everything else', () => {
    const { text, cutLines } = bound(lines.join('\n'), 'head', 1024);
    expect(text.split('\n').slice(0, -1)).toEqual(lines.slice(0, 1000 - cutLines));
  });

  it('cuts one line that is too long rather than lose all', () => {
    const { text, cutLines } = bound(`first\n${'x'.repeat(100_000)}\nlast`, 'tail');
    expect(cutLines).toBe(0);
    expect(text).toMatch(/^first\nx{8192} \[91808 more characters\]\nlast$/);
  });
});

it('aligns a table', () => {
  expect(table(['NAME', 'READY'], [['checkout', '1/1']])).toBe('NAME       READY\ncheckout   1/1');
});
