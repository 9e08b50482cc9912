import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCase } from '../../../src/evals/addCase';
import { linesOf, runCases } from '../../../src/evals/entry';
import { loadCases } from '../../../src/evals/evalCase';
import type { EvidenceText } from '../../../src/incident/evidence';

const proof = 'Error: listen EADDRINUSE: address already in use :::3000';
const texts: EvidenceText[] = ['logs/api.log', 'before/api.log'].map((source) => ({
  source,
  lines: [{ number: 1, text: proof }],
  complete: true,
  totalLines: 1,
}));

describe('a case of a person’s own', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'evals-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('is kept with its label and run', async () => {
    await addCase(root, 'my-port', { category: 'port-in-use', proof: ['EADDRINUSE'] }, texts);
    const [added] = await loadCases(root);
    expect(added).toMatchObject({ id: 'my-port', category: 'port-in-use', app: null });
    expect(added?.files).toHaveLength(2);
    const scores = await runCases(root);
    expect(scores[0]).toMatchObject({ answer: 'port-in-use', grounded: true, passed: true });
    expect(linesOf(scores).at(-1)).toBe('evals: 1 passed, 0 failed');
  });

  it('never takes the place of another', async () => {
    await addCase(root, 'mine', { category: 'port-in-use' }, texts);
    await expect(addCase(root, 'mine', { category: 'disk-full' }, texts)).rejects.toMatchObject({
      code: 'wrong-state',
    });
    expect(await readdir(root)).toEqual(['mine']);
    expect((await loadCases(root))[0]?.category).toBe('port-in-use');
  });

  it.each([
    ['../out', { category: 'port-in-use' }],
    ['mine', { category: 'gremlins' }],
    ['mine', { category: 'port-in-use', proof: ['not there'] }],
  ])('%s is refused with %j', async (id, label) => {
    await expect(addCase(root, id, label, texts)).rejects.toMatchObject({ code: 'wrong-usage' });
    expect(await readdir(root)).toEqual([]);
  });

  it('is wrong when the answer is', async () => {
    await addCase(root, 'mine', { category: 'disk-full' }, texts);
    expect(linesOf(await runCases(root))[0]).toBe('mine (disk-full): answered port-in-use');
  });
});
