import { describe, expect, it } from 'vitest';
import { fuzz, recordedTexts } from '../../fuzz/fuzz';

describe('hostile logs', () => {
  it('are read and judged without a crash, the same each time, with true citations', async () => {
    const findings = await fuzz({ seed: 5, from: 0, to: 2000 }, await recordedTexts());

    expect(findings.map(({ index, message }) => `${index}: ${message}`)).toEqual([]);
  }, 180_000);
});
