import { describe, expect, it } from 'vitest';

import { Bench, killed, valuesFile } from './command';

async function waiting() {
  const bench = await Bench.make();
  const { result } = await bench.json(['diagnose', killed, '--no-pool']);
  const id = result.incident.id ?? '';
  return { bench, id, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

describe('war-room accept and reject', () => {
  it('accept applies and stages the change; accept --commit commits it, once', async () => {
    await using started = await waiting();
    const { bench, id } = started;
    const accepted = await bench.json(['accept', id]);
    expect(accepted.status).toBe(0);
    expect(accepted.result.incident.status).toBe('accepted');
    expect(await bench.git('diff', '--cached', '--name-only')).toContain(valuesFile);
    expect(await bench.commits()).toBe(1);

    const committed = await bench.json(['accept', id, '--commit']);
    expect(committed.result).toMatchObject({ outcome: 'committed', error: null });
    const again = await bench.json(['accept', id, '--commit']);
    expect(again.status).toBe(1);
    expect(again.result).toMatchObject({ error: { code: 'wrong-state' }, incident: { id } });
    const late = await bench.json(['reject', id, '--reason', 'Too late.']);
    expect(late.result.error?.code).toBe('wrong-state');
    expect(await bench.commits()).toBe(2);
    expect(await bench.git('status', '--porcelain')).toBe('');
  });

  it('reject takes an accepted change back and keeps the masked reason; record commits it', async () => {
    await using started = await waiting();
    const { bench, id } = started;
    const before = await bench.untouched();
    await bench.run(['accept', id]);
    const reason = 'The leak is known, password=hunter2hunter2.';
    const { status, stdout } = await bench.run(['reject', id, '--reason', reason]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `Rejected ${id}.\n` });
    expect(await bench.untouched()).toBe(before);
    const { stdout: page } = await bench.run(['incidents', id]);
    expect(page).toContain('The leak is known');
    expect(page).not.toContain('hunter2');

    expect((await bench.run(['record', id])).stdout).toContain(
      `Recorded how ${id} ended in commit`,
    );
    expect((await bench.run(['record', id])).status).toBe(0);
    expect(await bench.commits()).toBe(2);
    expect(await bench.git('status', '--porcelain')).toBe('');
    const folder = `examples/${id}`;
    const names = ['change.diff', 'feedback_negative.json', 'incident.json', 'summary.md'];
    expect(await bench.git('show', '--format=', '--name-only', 'HEAD')).toBe(
      names.map((name) => `${folder}/${name}`).join('\n'),
    );
    const said = await bench.git('show', `HEAD:${folder}/feedback_negative.json`);
    expect(JSON.parse(said)).toMatchObject({ incident_id: id, expected_result: '' });
  });

  it('two at once make one commit', async () => {
    await using started = await waiting();
    const { bench, id } = started;
    const ended = await Promise.all(
      [1, 2].map(() => bench.run(['accept', id, '--commit', '--json'])),
    );
    expect(ended.map(({ status }) => status)).toContain(0);
    expect(await bench.commits()).toBe(2);
    expect(await bench.git('status', '--porcelain')).toBe('');
    const { result } = await bench.json(['incidents', id]);
    expect(result).toMatchObject({ outcome: 'committed', error: null });
  });

  it('an unknown incident is said, and a folder that is no repository has none', async () => {
    await using bench = await Bench.make();
    for (const command of [['accept'], ['reject', '--reason', 'x'], ['incidents']]) {
      const { status, result } = await bench.json([...command, 'incident-20260101000000']);
      expect(status).toBe(1);
      expect(result.error).toMatchObject({ code: 'not-found' });
    }
  });
});

describe('war-room incidents', () => {
  it('lists what is stored, newest first, and shows one whole', async () => {
    await using started = await waiting();
    const { bench, id } = started;
    await bench.run(['diagnose', 'logs/blog-service-missing-env.log', '--no-pool']);
    const { stdout } = await bench.run(['incidents']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`${id}  awaiting-approval`);
    const all = JSON.parse((await bench.run(['incidents', '--json'])).stdout) as unknown[];
    expect(all).toHaveLength(2);
    const { result } = await bench.json(['incidents', id]);
    expect(result.outcome).toBe('proposed');
    const page = await bench.run(['incidents', id]);
    for (const part of ['What broke', 'Why', 'How sure', 'Do this now', '+    memory: 1024Mi']) {
      expect(page.stdout).toContain(part);
    }
  });

  it('sees a commit that was made with git alone', async () => {
    await using started = await waiting();
    const { bench, id } = started;
    await bench.run(['accept', id]);
    await bench.git('commit', '--quiet', '--message', 'Raise the limit by hand');
    const { result } = await bench.json(['incidents', id]);
    expect(result).toMatchObject({
      outcome: 'committed',
      commit: await bench.git('rev-parse', 'HEAD'),
    });
    expect(await bench.commits()).toBe(2);
  });

  it('says so where there are none', async () => {
    await using bench = await Bench.make();
    const { stdout, status } = await bench.run(['incidents']);
    expect({ stdout, status }).toEqual({
      stdout: 'No incidents are stored for this repository.\n',
      status: 0,
    });
  });
});
