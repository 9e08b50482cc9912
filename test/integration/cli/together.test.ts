import { describe, expect, it } from 'vitest';

import { Bench, killed, parsed } from './command';

describe('Commands at once in one repository', () => {
  it('that diagnose the same log make one incident, and both have its answer', async () => {
    await using bench = await Bench.make();
    const both = await Promise.all([1, 2].map(() => bench.json(['diagnose', killed, '--no-pool'])));
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(both.map(({ result }) => result.outcome)).toEqual(['proposed', 'proposed']);
    expect(new Set(both.map(({ result }) => result.incident.id)).size).toBe(1);
    expect(await bench.incidents()).toHaveLength(1);
    expect(await bench.locks()).toEqual([]);
  });

  it('that diagnose and commit the same log make one commit', async () => {
    await using bench = await Bench.make();
    const both = await Promise.all(
      [1, 2].map(() => bench.run(['diagnose', killed, '--no-pool', '--yes', '--json'])),
    );
    expect(both.map(({ status }) => status)).toContain(0);
    both.forEach(parsed);
    expect(await bench.commits()).toBe(2);
    expect(await bench.git('status', '--porcelain')).toBe('');
    expect(await bench.locks()).toEqual([]);
  });

  it('is known to whoever clones the repository, from git alone', async () => {
    await using bench = await Bench.make();
    const { result } = await bench.json(['diagnose', killed, '--no-pool', '--yes']);
    const { id } = result.incident;
    const clone = `${bench.root}-clone`;
    await bench.git('clone', '--quiet', '.', clone);
    const there = (...args: readonly string[]) => bench.run(['incidents', ...args], { cwd: clone });
    expect((await there()).stdout).toBe('No incidents are stored for this repository.\n');
    const { stdout } = await there('--recorded');
    expect(stdout).toMatch(
      new RegExp(`^${id}  committed +grafana: oom-killed \\(.+${id}\\)\\)\n$`),
    );
    expect(JSON.parse((await there('--recorded', '--json')).stdout)).toMatchObject([
      { id, category: 'oom-killed', summary: { app: 'grafana', status: 'committed' } },
    ]);
    expect(await there(String(id), '--recorded')).toMatchObject({ status: 2, stdout: '' });
  });

  it('that diagnose five logs make five incidents', async () => {
    await using bench = await Bench.make();
    const log = await bench.read(killed);
    const apps = ['orders', 'billing', 'search', 'mailer', 'gateway'];
    for (const app of apps) await bench.write(`${app}.log`, log.replaceAll('grafana', app));
    const ended = await Promise.all(
      apps.map((app) => bench.json(['diagnose', `${app}.log`, '--no-pool'])),
    );
    expect(ended.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0]);
    expect(ended.map(({ result }) => result.incident.app)).toEqual(apps);
    const { stdout } = await bench.run(['incidents']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(5);
  });
});
