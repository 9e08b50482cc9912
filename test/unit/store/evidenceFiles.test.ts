import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { EvidenceText } from '../../../src/incident/evidence';
import { readStoredEvidence, storeEvidence } from '../../../src/store/evidenceFiles';
import { temporaryFolder } from '../../harness/temporary';

const collectedAt = '2026-11-21T11:00:00.000Z';

function log(lines: number, text = 'a line of the log'): EvidenceText {
  return {
    source: 'grafana.log',
    complete: true,
    totalLines: lines,
    lines: Array.from({ length: lines }, (_, index) => ({ number: index + 1, text })),
  };
}

describe('evidence on disk', () => {
  it('comes back as it was stored, with the original line numbers', async () => {
    await using folder = await temporaryFolder('evidence');
    const text = { ...log(3), lines: [{ number: 41, text: '메모리 "부족"\t' }] };
    const facts = { totalBytes: 9_000, roomBytes: 10_000, collectedAt };
    const reference = await storeEvidence(folder.path, text, facts);
    expect(await readStoredEvidence(folder.path, reference)).toEqual(text);
    expect(reference).toMatchObject({ totalBytes: 9_000, totalLines: 3, complete: true });
    expect((await stat(join(folder.path, reference.digest))).mode & 0o777).toBe(0o600);
  });

  it('keeps head and tail of what exceeds the room, and says that it is not complete', async () => {
    await using folder = await temporaryFolder('evidence');
    const facts = { totalBytes: 50_000, roomBytes: 2_000, collectedAt };
    const reference = await storeEvidence(folder.path, log(1_000), facts);
    const back = await readStoredEvidence(folder.path, reference);
    expect(reference.storedBytes).toBeLessThanOrEqual(2_000);
    expect(reference.storedBytes).toBeGreaterThan(1_900);
    expect(back.complete).toBe(false);
    expect(back.totalLines).toBe(1_000);
    const numbers = back.lines.map(({ number }) => number);
    expect(numbers[0]).toBe(1);
    expect(numbers.at(-1)).toBe(1_000);
    const gaps = numbers.filter((number, index) => number !== (numbers[index - 1] ?? 0) + 1);
    expect(gaps).toHaveLength(1);
  });

  it('keeps nothing of one line that is larger than the room', async () => {
    await using folder = await temporaryFolder('evidence');
    const facts = { totalBytes: 50_000, roomBytes: 2_000, collectedAt };
    const reference = await storeEvidence(folder.path, log(1, 'x'.repeat(50_000)), facts);
    expect(await readStoredEvidence(folder.path, reference)).toMatchObject({
      lines: [],
      complete: false,
    });
  });

  it('does not believe a damaged file', async () => {
    await using folder = await temporaryFolder('evidence');
    const facts = { totalBytes: 10, roomBytes: 10_000, collectedAt };
    const reference = await storeEvidence(folder.path, log(2), facts);
    const [name = ''] = await readdir(folder.path);
    await writeFile(join(folder.path, name), '{"lines":[[1,"made up"]]}');
    expect(await readStoredEvidence(folder.path, reference)).toEqual({
      source: 'grafana.log',
      lines: [],
      complete: false,
      totalLines: 2,
    });
  });
});
