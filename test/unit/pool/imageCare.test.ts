import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import { silentLog } from '../../../src/base/log';
import { ImageCare } from '../../../src/pool/imageCare';
import type { ImageCareOptions } from '../../../src/pool/imageCare';
import { FakeClock } from './fakeClock';

const minute = 60_000;
const day = 24 * 60 * minute;

function cared(options: Partial<ImageCareOptions> = {}) {
  const clock = new FakeClock();
  const world = { cleanings: 0, looks: 0, hasEngine: true, said: [] as string[] };
  const care = new ImageCare({
    clock,
    log: { ...silentLog, warn: (line) => world.said.push(line) },
    hasEngine: () => world.hasEngine,
    diskUse: () => Promise.resolve(++world.looks * 100),
    cleanUp: () => {
      world.cleanings += 1;
      return Promise.resolve();
    },
    ...options,
  });
  care.start();
  return { care, clock, world };
}

describe('the care for images', () => {
  it('cleans up once some time after there was an engine, then daily', async () => {
    const { care, clock, world } = cared();
    await clock.advance(1_000);
    expect(world.cleanings).toBe(0);
    world.hasEngine = false;
    await clock.advance(day);
    expect(world.cleanings).toBe(0);
    world.hasEngine = true;
    await clock.advance(5 * minute);
    expect(world.cleanings).toBe(1);
    await clock.advance(day - 10 * minute);
    expect(world.cleanings).toBe(1);
    await clock.advance(20 * minute);
    expect(world.cleanings).toBe(2);
    care.dispose();
  });

  it('reads the disk use now and then, whoever asks for it', async () => {
    const { care, clock, world } = cared();
    expect(care.bytes).toBeNull();
    await clock.advance(5_000);
    expect(Array.from({ length: 1000 }, () => care.bytes).at(-1)).toBe(100);
    await clock.advance(10 * minute);
    expect(world.looks).toBe(6);
    care.dispose();
    await clock.advance(day);
    expect(world.looks).toBe(6);
  });

  it('says in one sentence why it could not, and goes on', async () => {
    const { care, clock, world } = cared({
      cleanUp: () =>
        Promise.reject(new WarRoomError('engine-unavailable', 'No engine: start Docker.')),
    });
    await clock.advance(10 * minute);
    expect(world.said).toEqual([
      'Images that are of no use were not removed, until tomorrow: No engine: start Docker.',
    ]);
    expect(care.bytes).toBeGreaterThan(0);
    await clock.advance(day);
    expect(world.said).toHaveLength(2);
    care.dispose();
  });

  it('cancels what it does when the pool goes, and says nothing of it', async () => {
    let signal: AbortSignal | undefined;
    const { care, clock, world } = cared({
      cleanUp: (within) => {
        signal = within;
        return new Promise(() => undefined);
      },
    });
    await clock.advance(5_000);
    expect(signal?.aborted).toBe(false);
    care.dispose();
    await clock.advance(day);
    expect(signal?.aborted).toBe(true);
    expect(world.said).toEqual([]);
  });
});
