import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { IncidentStore } from '../../../src/store/incidentStore';
import { bundleScript } from '../../harness/bundleScript';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';

describe('one store, several processes', () => {
  let scripts: TemporaryFolder;
  let script: string;
  let folder: TemporaryFolder;
  let store: IncidentStore;
  let id: string;
  let children: ChildProcess[];

  beforeAll(async () => {
    scripts = await temporaryFolder('scripts');
    script = await bundleScript(join(__dirname, 'otherProcess.ts'), scripts.path);
  });

  afterAll(() => scripts.remove());

  beforeEach(async () => {
    folder = await temporaryFolder('store');
    store = await IncidentStore.open(folder.path);
    const place = { context: null, namespace: null, application: null, valuesFile: null };
    id = (
      await store.create({
        trigger: 'a log',
        repository: null,
        root: '/srv',
        place,
        fingerprint: 'f',
      })
    ).id;
    children = [];
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    store.dispose();
    await folder.remove();
  });

  function other(what: string, count = 1): ChildProcess {
    const args = [script, folder.path, id, what, String(count)];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  }

  async function killedWhile(child: ChildProcess): Promise<void> {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  it('never runs one incident in two of them, and takes over from one that was killed', async () => {
    const child = other('run-lock');
    await waitFor('the other process to hold the lock', () => store.isRunning(id));
    await expect(store.runLock(id)).rejects.toMatchObject({ code: 'locked' });
    await killedWhile(child);
    expect(await store.isRunning(id)).toBe(false);
    const [first, second] = await Promise.allSettled([store.runLock(id), store.runLock(id)]);
    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
  }, 30_000);

  it('goes on updating after a process was killed in the middle of an update', async () => {
    const child = other('lock-and-hang');
    if (child.stdout) await once(child.stdout, 'data');
    await killedWhile(child);
    await store.update(id, (one) => ({ ...one, app: 'grafana' }));
    expect((await store.load(id)).app).toBe('grafana');
  }, 30_000);

  it('loses no update of two that write at the same time', async () => {
    const writers = [other('update', 25), other('update', 25)];
    await Promise.all(writers.map((child) => once(child, 'exit')));
    expect(new Set((await store.load(id)).keywords).size).toBe(50);
  }, 30_000);

  it('hears what another process wrote', async () => {
    const heard: string[] = [];
    store.onDidChange((changed) => heard.push(changed));
    other('update');
    await waitFor('the change to be told', () => heard.includes(id));
  }, 30_000);
});
