import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { evidence } from './evidence';
import { World } from './fixture';
import { busy, expectOnlyTheIncident, expectStillBusy } from './busy';

describe('Hooks', () => {
  it('that reformat and add: their word counts, their rewriting stays out', async () => {
    await using world = await World.make();
    const incident = await busy(world);
    await world.hook(
      'pre-commit',
      `sed -i 's/  /    /g' ${world.path}; git add ${world.path} other.txt; echo spoken > "$PWD/../ran"`,
    );
    const { sha, notes } = await world.history().commit(incident, world.decision(), evidence);
    await expectOnlyTheIncident(world, incident, sha);
    await expectStillBusy(world);
    expect(notes).toEqual([expect.stringContaining('rewrote')]);
    expect(String(await world.read('../ran'))).toBe('spoken\n');
  });

  it('see exactly what will be committed', async () => {
    await using world = await World.make();
    const incident = await busy(world);
    await world.hook('pre-commit', 'git diff --cached --name-only > "$PWD/../seen"');
    await world.history().commit(incident, world.decision(), evidence);
    const seen = String(await world.read('../seen'))
      .trim()
      .split('\n');
    expect(seen).toContain(world.path);
    expect(seen).not.toContain('other.txt');
  });

  it.each([true, false])(
    'that refuse: the error says why, nothing is lost (accepted before: %s)',
    async (before) => {
      await using world = await World.make();
      const incident = await busy(world);
      if (before) await world.history().accept(incident, {}, evidence);
      const [bytes, index, status] = [
        await world.read(),
        await world.blob(''),
        await world.status(),
      ];
      await world.hook(
        'pre-commit',
        `echo reformatted >> ${world.path}; echo "no tabs please" >&2; exit 1`,
      );
      const decision = world.decision({ branch: `war-room/${incident.id}` });
      const attempt = world.history().commit(incident, decision, evidence);
      await expect(attempt).rejects.toMatchObject({ code: 'hook-failed' });
      await expect(attempt).rejects.toThrow('no tabs please');
      expect([await world.read(), await world.blob(''), await world.status()]).toEqual([
        bytes,
        index,
        status,
      ]);
      expect(await world.commitCount()).toBe(1);
      expect((await world.git('branch', '--format=%(refname:short)')).trim()).toBe('main');
    },
  );

  it('on the message: a Change-Id that they add is kept', async () => {
    await using world = await World.make();
    await world.hook('commit-msg', 'echo "Change-Id: I0123456789" >> "$1"');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    const message = await world.git('log', '-1', '--format=%(trailers:unfold)', sha);
    expect(message).toContain('Change-Id: I0123456789');
    expect(message).toContain(`Incident-Id: ${world.incident.id}`);
  });

  it('on the message that refuse: nothing is committed', async () => {
    await using world = await World.make();
    await world.hook('commit-msg', 'echo "needs a ticket"; exit 1');
    const attempt = world.history().commit(world.incident, world.decision(), evidence);
    await expect(attempt).rejects.toThrow('needs a ticket');
    expect(await world.status()).toEqual([]);
    expect(await world.read()).toEqual(world.original);
  });

  it('on the message, of which the second checks what the first added', async () => {
    await using world = await World.make();
    await world.hook('prepare-commit-msg', 'echo "Ticket: OPS-7 $2" >> "$1"');
    await world.hook('commit-msg', 'grep -q "^Ticket: OPS-7 message$" "$1"');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect(await world.git('log', '-1', '--format=%B', sha)).toMatch(/^Ticket: OPS-7 message$/m);
  });

  it('after the commit that refuse: the commit stands', async () => {
    await using world = await World.make();
    await world.hook('post-commit', 'exit 1');
    const { sha } = await world.history().commit(world.incident, world.decision(), evidence);
    expect((await world.git('rev-parse', 'HEAD')).trim()).toBe(sha);
    expect(await world.status()).toEqual([]);
  });

  it('before the message and after the commit, each once, in the order of git', async () => {
    await using world = await World.make();
    for (const name of ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit']) {
      await world.hook(name, `echo ${name} >> "$(git rev-parse --show-toplevel)/../ran"`);
    }
    await world.history().commit(world.incident, world.decision(), evidence);
    const ran = String(await world.read('../ran'))
      .trim()
      .split('\n');
    expect(ran).toEqual(['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit']);
  });

  it('that hang end with the cancellation', async () => {
    await using world = await World.make();
    await world.hook('pre-commit', 'echo $$ > "$PWD/../hook"; sleep 60 & wait');
    const controller = new AbortController();
    const attempt = world
      .history()
      .commit(world.incident, world.decision(), evidence, controller.signal);
    const timer = setInterval(() => {
      void world.read('../hook').then(
        () => controller.abort(),
        () => undefined,
      );
    }, 50);
    await expect(attempt).rejects.toMatchObject({ code: 'cancelled' });
    clearInterval(timer);
    expect(await world.read()).toEqual(world.original);
    expect(await world.status()).toEqual([]);
    const hook = Number(await world.read('../hook'));
    await expect.poll(() => runs(hook), { timeout: 20_000 }).toBe(false);
  });
});

/** False also for a process that has ended and that nobody has waited for. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
