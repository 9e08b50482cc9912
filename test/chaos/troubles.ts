import { open, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { hasCode } from '../../src/base/privateFiles';
import { engineAt } from '../harness/engine';
import { waitFor } from '../harness/wait';
import type { Random } from './random';
import type { Outcome } from './worker';
import type { World } from './world';

/** Makes trouble. @throws Error when the pool itself does not answer as it should */
export type Trouble = (world: World, random: Random) => Promise<void>;

const mebibyte = 1024 * 1024;

/** By what happens. */
export const troubles: Readonly<Record<string, Trouble>> = {
  'the pool is killed': async (world, random) => {
    const host = await world.host();
    await world.keepBusy(random);
    await sleep(random.below(1_500));
    host.signal('SIGKILL');
  },
  'another window is killed': async (world, random) => {
    const host = await world.host();
    const windows = await world.open();
    await world.keepBusy(random);
    await sleep(random.below(1_500));
    windows.find((window) => window !== host)?.signal('SIGKILL');
  },
  'the pool hangs and is killed': async (world, random) => {
    const host = await world.host();
    await world.keepBusy(random);
    await sleep(random.below(1_000));
    host.signal('SIGSTOP');
    await sleep(random.below(1_000));
    host.signal('SIGKILL');
  },
  'the pool ends in order': async (world, random) => {
    const host = await world.host();
    await world.keepBusy(random);
    await sleep(random.below(1_500));
    host.signal('SIGTERM');
    await host.ended;
  },
  'all windows are killed': async (world, random) => {
    const windows = await world.open();
    await world.keepBusy(random);
    await sleep(random.below(1_500));
    windows.forEach((window) => window.signal('SIGKILL'));
  },
  'the reaper is killed, and then the pool': async (world, random) => {
    const host = await world.host();
    await host.call({ server: 'deaf' });
    const reaper = await reaperOf(host.pid);
    if (reaper !== undefined) process.kill(reaper, 'SIGKILL');
    await sleep(random.below(2_000));
    host.signal('SIGKILL');
    await host.ended;
    // Where there was no time for another reaper, the next pool sweeps.
    await (await world.open())[0].call({ server: 'polite' });
  },
  'the engine is killed': async (world, random) => {
    await world.keepBusy(random);
    await sleep(random.below(1_500));
    await world.engine.kill();
    await sleep(random.below(1_000));
    await world.engine.start();
  },
  'the engine ends in order': async (world, random) => {
    await world.keepBusy(random);
    await sleep(random.below(1_500));
    await world.engine.stop();
    await world.engine.start();
  },
  'the pool is killed while the engine is down': async (world, random) => {
    const host = await world.host();
    await world.keepBusy(random);
    await sleep(random.below(1_500));
    await world.engine.kill();
    host.signal('SIGKILL');
    await sleep(random.below(1_000));
    await world.engine.start();
  },
  'a server ignores the end of its input': async (world, random) => {
    const host = await world.host();
    expectAnswer(await host.call({ server: 'deaf' }));
    host.signal(random.pick(['SIGKILL', 'SIGTERM']));
    await host.ended;
  },
  'a server floods its standard error': async (world) => {
    const [window] = await world.open();
    expectAnswer(await window.call({ server: 'flood' }));
  },
  'a server never answers': async (world, random) => {
    const window = random.pick(await world.open());
    expectError(await window.call({ server: 'silent', leaseMs: 3_000 }), 'server-failed');
  },
  'a server ends before it has answered': async (world, random) => {
    const window = random.pick(await world.open());
    expectError(await window.call({ server: 'dies' }), 'server-failed');
  },
  'a server takes all memory that it may': async (world, random) => {
    const window = random.pick(await world.open());
    const leak = { tool: 'allocate', arguments: { mib: 512 }, callMs: 20_000 };
    expectError(await window.call({ server: 'polite-leaks', ...leak }), 'server-failed');
  },
  'a container is paused': async (world, random) => {
    const window = random.pick(await world.open());
    const server = 'polite-paused';
    await waitFor('a container to be paused', async () => {
      expectAnswer(await window.call({ server }));
      return await pause(world, server);
    });
    expectError(await window.call({ server, callMs: 1_000 }), 'deadline');
    if (random.next() < 0.5) (await world.host()).signal('SIGKILL');
  },
  'the disk is full': async (world, random) => {
    const filler = join(world.engine.data, 'filler');
    try {
      await fill(filler);
      const { client } = await engineAt(world.engine.host);
      const bytes = Readable.from([Buffer.alloc(32 * mebibyte)]);
      const refused = client.importImage(bytes, { repo: 'war-room-test/full', tag: '1' });
      await refused.then(untilItFails, () => undefined);
      await world.keepBusy(random);
      await world.untilQuiet();
    } finally {
      await rm(filler, { force: true });
    }
  },
};

function expectAnswer({ code, message }: Outcome): void {
  if (code !== undefined) throw new Error(`There is no answer but ${code}: ${message}`);
}

function expectError({ code = 'an answer', message = '' }: Outcome, expected: string): void {
  if (code !== expected) throw new Error(`There is ${code} and not ${expected}: ${message}`);
}

/** @throws Error where an engine under load fails to freeze it, or it stops just then */
async function pause(world: World, server: string): Promise<true> {
  const { client } = await engineAt(world.engine.host);
  const found = (await world.ours()).find(({ name }) => name.startsWith(`${server}-mcp-`));
  if (!found) throw new Error(`There is no container of ${server}.`);
  await client.getContainer(found.id).pause();
  return true;
}

/** Takes all that is left of a disk. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let size = 16 * mebibyte; size >= 4096; size /= 4) {
      try {
        for (;;) await file.write(Buffer.alloc(size));
      } catch (error) {
        if (!hasCode(error, 'ENOSPC')) throw error;
      }
    }
  } finally {
    await file.close();
  }
}

/** Reads what an engine says of an import, to its end. */
async function untilItFails(progress: NodeJS.ReadableStream): Promise<void> {
  let text = '';
  for await (const chunk of progress) text += String(chunk);
  if (!/no space left/.test(text)) throw new Error(`The disk is full, and the engine says ${text}`);
}

async function reaperOf(parent: number): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (line.includes('reaper.js') && status.includes(`PPid:\t${parent}\n`)) return Number(pid);
  }
  return undefined;
}
