import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '../../../../src/base/log';
import { openOwnPool } from '../../../../src/pool/entry';
import { ImageRecords, newRecord } from '../../../../src/pool/images/records';
import type { ImageProgram } from '../../../../src/pool/images/records';
import { ReaperLine } from '../../../../src/pool/reaper/reaperLine';
import type { ServerRequest } from '../../../../src/pool/serverSpec';
import { readStatuses } from '../../../../src/pool/share/readStatus';
import { statusText } from '../../../../src/pool/statusText';
import { JumpingClock } from '../../../harness/jumpingClock';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';
import { waitFor } from '../../../harness/wait';
import { FakeRuntime } from '../../../unit/pool/fakeRuntime';
import { usualLimits } from '../requests';

const minute = 60_000;
const program: ImageProgram = {
  ...{ kind: 'npm', package: 'server', version: '1.0.0', integrity: null, bin: null },
};
const request: ServerRequest = {
  spec: { name: 'server', program, args: [], environment: [], state: 'none', hosts: [] },
  ...{ environment: {}, place: null, runtime: 'docker' },
};

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await temporaryFolder('own-pool');
});
afterEach(() => folder.remove());

/** An image that takes 300 MB of the engine's disk, as it was recorded. */
async function record(images: string): Promise<void> {
  await new ImageRecords(join(images, 'records')).write({
    ...newRecord(program, new Date()),
    image: {
      ...{ id: 'sha256:1', command: [], environment: {}, isGuarded: true, notice: null },
      ...{ base: null, layers: [{ id: 'a', bytes: 300 * 1024 * 1024 }], isOurs: true },
    },
  });
}

/** A pool that has started a server in a container, so that it knows of an engine. */
async function opened(cleanUp: (signal: AbortSignal) => Promise<void>) {
  const [pools, images] = [join(folder.path, 'pools'), join(folder.path, 'images')];
  await record(images);
  const clock = new JumpingClock();
  const reaper = await ReaperLine.open({ script: 'never-started.js', log: silentLog });
  const pool = await openOwnPool({
    ...{ folder: pools, follow: true, clock, reaper, log: silentLog },
    ...{ settings: () => usualLimits, language: () => 'en', prewarm: () => [] },
    docker: () => Promise.resolve(new FakeRuntime('docker')),
    images: { folder: images, cleanUp },
  });
  const options = { deadlineMs: 20_000, signal: new AbortController().signal };
  (await pool.lease({ holder: 'a', incident: null, servers: [request] }, options)).release();
  const dispose = async () => {
    await pool.dispose();
    reaper.dispose();
  };
  return { pools, clock, [Symbol.asyncDispose]: dispose };
}

describe('the process that is the pool', () => {
  it('has images cleaned up once it has an engine, until it closes', async () => {
    const cleanings: AbortSignal[] = [];
    {
      await using pool = await opened((signal) => {
        cleanings.push(signal);
        return new Promise(() => undefined);
      });
      expect(cleanings).toEqual([]);
      pool.clock.jump(3 * minute);
      await waitFor('the cleaning', () => cleanings.length === 1);
      expect(cleanings[0]?.aborted).toBe(false);
    }
    expect(cleanings[0]?.aborted).toBe(true);
  });

  it('tells everybody the disk use of images', async () => {
    await using pool = await opened(() => Promise.resolve());
    pool.clock.jump(minute);
    const status = await waitFor('the disk use', async () => {
      const [told] = await readStatuses(pool.pools);
      return (told?.imagesBytes ?? null) === null ? undefined : told;
    });
    expect(statusText(status)).toContain('Images: 300 MB');
  });
});
