import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { spawnGroup } from '../../harness/process';
import { Bench, dist, killed, valuesFile } from './command';

const command = [join(dist, 'cli.js'), 'diagnose', killed, '--yes', '--no-pool', '--json'];

/** A repository in use: something is staged, and the values file has an edit of the person's. */
async function busy(): Promise<Bench> {
  const bench = await Bench.make();
  await bench.write('staged.txt', 'mine\n');
  await bench.git('add', 'staged.txt');
  const values = await bench.read(valuesFile);
  await bench.write(valuesFile, values.replace('replicas: 1', 'replicas: 7'));
  return bench;
}

/** Starts the command, waits for `moment`, and kills it: alone, or with all that it started. */
async function killAt(
  bench: Bench,
  moment: (ended: () => boolean) => Promise<void>,
  withChildren: boolean,
): Promise<void> {
  const child = spawnGroup(process.execPath, command, {
    cwd: bench.root,
    env: bench.env,
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  await moment(() => child.exitCode !== null);
  if (child.pid !== undefined && child.exitCode === null) {
    process.kill(withChildren ? -child.pid : child.pid, 'SIGKILL');
  }
  await exited;
}

/** What a person does who finds the terminal gone: looks, and goes on. */
async function goOn(bench: Bench): Promise<void> {
  const { stdout } = await bench.run(['incidents', '--json']);
  const [found] = JSON.parse(stdout) as { incident: { id: string; status: string } }[];
  const status = found?.incident.status ?? 'none';
  if (status === 'awaiting-rollout') return;
  const waits = ['awaiting-approval', 'accepted', 'executing'].includes(status);
  const again = waits
    ? ['accept', found?.incident.id ?? '', '--commit']
    : ['diagnose', killed, '--yes', '--no-pool'];
  const { result } = await bench.json(again);
  expect({ error: result.error, outcome: result.outcome }, `it was ${status}`).toEqual({
    error: null,
    outcome: 'committed',
  });
}

async function expectOneCommit(bench: Bench): Promise<void> {
  expect(await bench.commits()).toBe(2);
  const all = JSON.parse((await bench.run(['incidents', '--json'])).stdout) as {
    incident: { status: string };
    commit: string | null;
  }[];
  expect(all).toHaveLength(1);
  expect(all[0]?.incident.status).toBe('awaiting-rollout');
  expect(all[0]?.commit).toBe(await bench.git('rev-parse', 'HEAD'));
  const status = await bench.git('status', '--porcelain', '--untracked-files=all');
  expect(status.split('\n').sort()).toEqual([` M ${valuesFile}`, 'A  staged.txt'].sort());
  const diff = await bench.git('diff', '--unified=0');
  expect(diff.split('\n').filter((line) => /^[+-][^+-]/.test(line))).toEqual([
    '-replicas: 1',
    '+replicas: 7',
  ]);
  expect(await bench.locks()).toEqual([]);
}

/** git's own children outlive a command that was killed alone. */
async function untilGitIsQuiet(bench: Bench): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const names = await readdir(join(bench.root, '.git'));
    if (!names.some((name) => name.endsWith('.lock'))) return;
    await sleep(50);
  }
}

describe('war-room diagnose --yes, killed', () => {
  for (const hook of ['pre-commit', 'post-commit']) {
    for (const withChildren of [true, false]) {
      const how = withChildren ? 'with its children' : 'alone';
      it(`in the ${hook} hook, ${how}: afterwards there is exactly one commit`, async () => {
        await using bench = await busy();
        const reached = join(bench.root, '..', 'reached');
        await bench.hook(hook, `[ -e '${reached}' ] || { touch '${reached}'; sleep 2; }`);
        const moment = async (ended: () => boolean) => {
          while (!existsSync(reached) && !ended()) await sleep(10);
        };
        await killAt(bench, moment, withChildren);
        expect(existsSync(reached)).toBe(true);
        if (!withChildren) await sleep(2_500);
        await untilGitIsQuiet(bench);
        await goOn(bench);
        await expectOneCommit(bench);
      });
    }
  }

  it('at any moment: going on ends in exactly one commit', async () => {
    const started = performance.now();
    {
      await using rehearsal = await busy();
      await rehearsal.run(command.slice(1));
    }
    const whole = performance.now() - started;
    for (const share of [0.3, 0.5, 0.65, 0.8, 0.9]) {
      await using bench = await busy();
      const moment = async (ended: () => boolean) => {
        const end = performance.now() + share * whole;
        while (performance.now() < end && !ended()) await sleep(5);
      };
      await killAt(bench, moment, Math.random() < 0.5);
      await untilGitIsQuiet(bench);
      await goOn(bench);
      await expectOneCommit(bench);
    }
  });
});
