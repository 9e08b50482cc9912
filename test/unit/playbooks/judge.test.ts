import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvidenceText } from '../../../src/incident/evidence';
import { analyse } from '../../../src/playbooks/analyse';
import { playbookJudge } from '../../../src/playbooks/judge';
import { projectRoot } from '../../harness/paths';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';

const now = new Date('2026-11-21T12:00:00Z');
const refused =
  '2026-11-21T11:59:58Z ERROR orders redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.';

/** A log with its failure at the end. */
function log(lines: number): EvidenceText {
  const calm = Array.from({ length: lines - 1 }, (_, n) => `INFO orders order ${n} accepted`);
  return {
    source: 'orders.log',
    lines: [...calm, refused].map((text, index) => ({ number: index + 1, text })),
    complete: true,
    totalLines: lines,
  };
}

let folder: TemporaryFolder;
let script: string;

beforeAll(async () => {
  folder = await temporaryFolder('judge');
  script = join(folder.path, 'judge.js');
  await build({
    entryPoints: [join(projectRoot, 'src', 'playbooks', 'judgeWorker.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    target: 'node20',
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

const signal = () => new AbortController().signal;

describe('much evidence', () => {
  it('is judged in a thread, as it would be in this one, and other work goes on meanwhile', async () => {
    const large = log(20_000);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const judged = await playbookJudge(script)([large], { now, signal: signal() });
    clearInterval(timer);
    expect(judged).toEqual(analyse([large], { now }));
    expect(judged.category).toBe('cache-unavailable');
    expect(turns).toBeGreaterThan(5);
  });

  it('can be cancelled', async () => {
    const cancel = new AbortController();
    const judged = playbookJudge(script)([log(200_000)], { now, signal: cancel.signal });
    cancel.abort();
    await expect(judged).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says what to do when its thread cannot run', async () => {
    const judge = playbookJudge(join(folder.path, 'absent.js'));
    const judged = judge([log(20_000)], { now, signal: signal() });
    await expect(judged).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('diagnose again') as string,
    });
  });
});

describe('a run that asks again', () => {
  it('gets the same answer without a second look, and another one for other evidence', async () => {
    const judge = playbookJudge('');
    const first = await judge([log(50)], { now, signal: signal() });
    expect(await judge([log(50)], { now, signal: signal() })).toBe(first);
    const other = { ...log(50), source: 'previous.log' };
    const second = await judge([log(50), other], { now, signal: signal() });
    expect(second).not.toBe(first);
    expect(second).toEqual(analyse([log(50), other], { now }));
  });
});
