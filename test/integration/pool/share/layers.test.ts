import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../../../../src/base/clock';
import { silentLog } from '../../../../src/base/log';
import { guarded } from '../../../../src/pool/images/guard';
import { labels } from '../../../../src/pool/ownership/labels';
import { newOwner, ownerText } from '../../../../src/pool/ownership/owner';
import { ReaperLine } from '../../../../src/pool/reaper/reaperLine';
import { Sweeper } from '../../../../src/pool/reaper/sweeper';
import { PrivateEngine, engineAt, missingDockerd } from '../../../harness/engine';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';
import { importTestImage } from '../../../harness/testImage';
import { waitFor } from '../../../harness/wait';
import { need } from '../../mcp/prerequisite';
import type { Owned, Plan } from './owner';
import { bundleScripts } from './scripts';

const node = '/usr/local/bin/node';
/** Ends with its input. */
const polite = [node, '-e', 'process.stdin.on("end", () => process.exit()).resume()'];
/** Hears neither the end of its input nor SIGTERM. */
const deafScript = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)';
const deaf = [node, '-e', deafScript];

let missing: string | null;
let folder: TemporaryFolder;
let engine: PrivateEngine;
let image: string;
let scripts: Record<'owner' | 'reaper', string>;
const owners: ChildProcess[] = [];
const bystanders: string[] = [];

beforeAll(async () => {
  missing = missingDockerd();
  if (missing !== null) return;
  folder = await temporaryFolder('layers');
  scripts = await bundleScripts(folder.path, 'owner', 'reaper');
  engine = await PrivateEngine.start();
  image = await importTestImage(await engineAt(engine.host), {
    tag: 'war-room-test/layers:1',
    files: { '/usr/bin/mkfifo': '/usr/bin/mkfifo', '/bin/rm': '/bin/rm' },
  });
  // None of ours, however much they look like it.
  bystanders.push(
    await makeContainer('tried-mcp-1700000000-0123', {}),
    await makeContainer('war-room-server', { [labels.server]: 'tried', owner: 'war-room' }),
    await makeContainer('other-machine', { [labels.owner]: await foreign('machine') }),
    await makeContainer('other-namespace', { [labels.owner]: await foreign('pidNamespace') }),
    await makeContainer('other-program', { [labels.owner]: 'somebody' }),
  );
}, 180_000);
beforeEach((context) => need(context, missing));
afterEach(async () => {
  for (const owner of owners.splice(0)) owner.kill('SIGKILL');
  if (missing === null) expect(await those(bystanders)).toEqual(bystanders.map(() => 'running'));
});
afterAll(async () => {
  if (missing !== null) return;
  await engine[Symbol.asyncDispose]();
  await folder.remove();
}, 60_000);

async function makeContainer(name: string, containerLabels: Record<string, string>, start = true) {
  const { client } = await engineAt(engine.host);
  const container = await client.createContainer({
    ...{ name, Image: image, Cmd: deaf, Labels: containerLabels, StopSignal: 'SIGKILL' },
    HostConfig: { NetworkMode: 'none', RestartPolicy: { Name: 'always' } },
  });
  if (start) await container.start();
  return container.id;
}

/** An engine under load may fail to freeze a container. */
async function pause(id: string): Promise<void> {
  const { client } = await engineAt(engine.host);
  await waitFor('the container to be paused', async () => {
    await client.getContainer(id).pause();
    return true;
  });
}

async function foreign(what: 'machine' | 'pidNamespace'): Promise<string> {
  const owner = { ...(await newOwner()), process: { pid: 1, start: 'gone' } };
  return ownerText({ ...owner, [what]: what === 'machine' ? '0'.repeat(16) : '1' });
}

/** The states of containers; `gone` for one that the engine has no more. */
async function those(ids: readonly string[]): Promise<string[]> {
  const { client } = await engineAt(engine.host);
  const all = await client.listContainers({ all: true });
  return ids.map((id) => all.find(({ Id }) => Id === id)?.State ?? 'gone');
}

async function untilGone(id: string): Promise<void> {
  const isGone = async () => (await those([id]))[0] === 'gone';
  await waitFor('the container to be gone', isGone, { deadlineMs: 30_000 });
}

async function startOwner(plan: Partial<Plan>) {
  const whole: Plan = {
    ...{ host: engine.host, image, command: deaf, reaper: null, kind: 'started' },
    ...plan,
  };
  const child = spawn(process.execPath, [scripts.owner, JSON.stringify(whole)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Owned) };
}

/** The reaper of a process; undefined when it has none. */
async function reaperOf(parent: number | undefined): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!line.includes(scripts.reaper)) continue;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (status.includes(`PPid:\t${parent}\n`)) return Number(pid);
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the end of its input', () => {
  it('ends a server that listens to it, when its owner is killed', async () => {
    const { child, id } = await startOwner({ command: polite });
    child.kill('SIGKILL');
    await untilGone(id);
  });

  it('ends a server that does not listen, where it runs under the guard', async () => {
    const { child, id } = await startOwner({ command: guarded('/bin/sh', deaf) });
    expect(await those([id])).toEqual(['running']);
    child.kill('SIGKILL');
    await untilGone(id);
  });
});

describe('the reaper', () => {
  it('removes a server that does not listen, when its owner is killed', async () => {
    const { child, id } = await startOwner({ reaper: scripts.reaper });
    child.kill('SIGKILL');
    await untilGone(id);
  });

  it('waits while its owner is only stopped, and acts when it is killed then', async () => {
    const { child, id } = await startOwner({ reaper: scripts.reaper });
    child.kill('SIGSTOP');
    await sleep(2_000);
    expect(await those([id])).toEqual(['running']);
    child.kill('SIGKILL');
    await untilGone(id);
  });

  it('removes what was made and never started', async () => {
    const { child, id } = await startOwner({ reaper: scripts.reaper, kind: 'created' });
    expect(await those([id])).toEqual(['created']);
    child.kill('SIGKILL');
    await untilGone(id);
  });

  it('removes one that is paused', async () => {
    const { child, id } = await startOwner({ reaper: scripts.reaper });
    await pause(id);
    child.kill('SIGKILL');
    await untilGone(id);
  });

  it('outlives a signal that ends the session, and is replaced when it is killed', async () => {
    const { child, id } = await startOwner({ reaper: scripts.reaper });
    const first = await waitFor('the reaper', () => reaperOf(child.pid));
    process.kill(first, 'SIGTERM');
    process.kill(first, 'SIGHUP');
    await sleep(500);
    expect(isAlive(first)).toBe(true);
    process.kill(first, 'SIGKILL');
    await waitFor('another reaper', async () => {
      const second = await reaperOf(child.pid);
      return second !== undefined && second !== first;
    });
    child.kill('SIGKILL');
    await untilGone(id);
  });

  it('ends a process that does not end with its input', async () => {
    const command = [process.execPath, '-e', deafScript];
    const { child, id } = await startOwner({ reaper: scripts.reaper, kind: 'process', command });
    child.kill('SIGKILL');
    await waitFor('the process to end', () => !isAlive(Number(id)));
  });

  it('goes when its work is done', async () => {
    const line = await ReaperLine.open({ script: scripts.reaper, log: silentLog });
    line.guardEngine((await engineAt(engine.host)).place.connection);
    const reaper = await waitFor('a reaper', () => reaperOf(process.pid));
    line.dispose();
    await waitFor('no reaper', () => !isAlive(reaper));
  });

  it('waits for an engine that is down, and removes what it then has', async () => {
    const created = await startOwner({ reaper: scripts.reaper, kind: 'created' });
    const started = await startOwner({ reaper: scripts.reaper });
    await engine.kill();
    created.child.kill('SIGKILL');
    started.child.kill('SIGKILL');
    await sleep(1_000);
    await engine.start();
    await untilGone(created.id);
    await untilGone(started.id);
  });
});

describe('the sweep', () => {
  it('removes what the dead left, in whatever state, and leaves everything else', async () => {
    const dead = [
      await startOwner({}),
      await startOwner({}),
      await startOwner({ kind: 'created' }),
    ];
    const living = await startOwner({});
    const ids = dead.map(({ id }) => id);
    const { place } = await engineAt(engine.host);
    await pause(ids[1] ?? '');
    for (const { child } of dead) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(await those(ids)).toEqual(['running', 'paused', 'created']);
    const said: string[] = [];
    const sweeper = new Sweeper({
      engines: () => Promise.resolve([place.connection]),
      here: await newOwner(),
      clock: systemClock,
      log: { ...silentLog, info: (line) => said.push(line) },
    });
    await sweeper.sweep();
    await sweeper.sweep();
    for (const id of ids) await untilGone(id);
    expect(await those([living.id])).toEqual(['running']);
    expect(said.filter((line) => line.includes('whose owner has ended'))).toHaveLength(3);
    const leftAlone = said.filter((line) => line.includes('left alone'));
    expect(leftAlone.map((line) => line.split(' ')[2]).sort()).toEqual([
      'other-machine',
      'other-namespace',
      'other-program',
    ]);
  });
});
