import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { projectRoot } from '../../../harness/paths';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';
import { waitFor } from '../../../harness/wait';
import { bundleScripts } from './scripts';

const tinyServer = join(projectRoot, 'test', 'fixtures', 'tinyServer', 'server.js');
const patience = { deadlineMs: 60_000 };
let folder: TemporaryFolder;
let script: string;
const sharers = new Set<Sharer>();

/** A process that leases again and again. */
class Sharer {
  readonly child: ChildProcess;
  /** What it last said. */
  said = '';

  constructor(place: string, made: string) {
    const child = spawn(process.execPath, [script, place, made, tinyServer], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => (this.said = line));
    this.child = child;
    sharers.add(this);
  }

  end(signal: NodeJS.Signals): void {
    sharers.delete(this);
    this.child.kill(signal);
  }
}

beforeAll(async () => {
  folder = await temporaryFolder('election');
  ({ sharer: script } = await bundleScripts(folder.path, 'sharer'));
}, 60_000);
afterEach(() => [...sharers].forEach((sharer) => sharer.end('SIGKILL')));
afterAll(() => folder.remove());

async function makersIn(file: string): Promise<number[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).map(Number);
}

/** Waits until all are served by one server that none of them was served by before. */
async function untilServed(before: string): Promise<string> {
  return await waitFor(
    'all to be served by the same server',
    () => {
      const said = new Set([...sharers].map((sharer) => sharer.said));
      const [only = ''] = said;
      return said.size === 1 && only.startsWith('served') && only !== before ? only : null;
    },
    patience,
  );
}

describe('ten processes at once', { timeout: 300_000 }, () => {
  it.each([
    ['are killed', ['SIGKILL']],
    ['end in order', ['SIGTERM']],
    ['do both', ['SIGTERM', 'SIGKILL']],
  ] as const)(
    'have one pool, and one again each time, when those that are it %s',
    async (_, how) => {
      const place = join(folder.path, how.join('-'));
      const made = `${place}.made`;
      for (let n = 0; n < 10; n++) new Sharer(place, made);
      let served = await untilServed('');
      for (let generation = 1; sharers.size > 1; generation++) {
        const makers = await makersIn(made);
        expect(makers).toHaveLength(generation);
        const host = [...sharers].find(({ child }) => child.pid === makers.at(-1));
        host?.end(how[generation % how.length] ?? 'SIGKILL');
        served = await untilServed(served);
      }
      expect((await readdir(place)).filter((name) => name.endsWith('.sock'))).toHaveLength(1);
    },
  );
});
