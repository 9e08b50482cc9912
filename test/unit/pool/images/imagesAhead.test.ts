import { beforeEach, describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../../src/base/errors';
import { silentLog } from '../../../../src/base/log';
import { ImagesAhead } from '../../../../src/pool/images/imagesAhead';
import type { Tier } from '../../../../src/pool/images/records';
import type { ServerImage } from '../../../../src/pool/images/serverImage';
import type { ServerSpec } from '../../../../src/pool/serverSpec';
import { FakeClock, settled } from '../fakeClock';

const minute = 60_000;

function server(name: string): ServerSpec {
  const program = { kind: 'npm', package: name, version: '1.0.0', integrity: null, bin: null };
  return {
    ...{ name, args: [], environment: [], state: 'session', hosts: [] },
    program: program as Extract<ServerSpec['program'], { kind: 'npm' }>,
  };
}

const image: ServerImage = {
  ...{ id: 'sha256:1', command: [], environment: {}, isGuarded: true, notice: null },
};

let clock: FakeClock;
let tiers: Map<string, Tier>;
let said: string[];
/** What is being made, each with its end. */
let making: { name: string; signal: AbortSignal; end: (error?: WarRoomError) => void }[];
let ahead: ImagesAhead;

beforeEach(() => {
  clock = new FakeClock();
  tiers = new Map();
  said = [];
  making = [];
  ahead = new ImagesAhead({
    clock,
    log: { ...silentLog, info: (line) => said.push(line) },
    tierOf: (program) =>
      Promise.resolve(tiers.get('package' in program ? program.package : '') ?? 3),
    imageOf: ({ name }, signal) =>
      new Promise((resolve, reject) => {
        const end = (error?: WarRoomError) => (error ? reject(error) : resolve(image));
        making.push({ name, signal, end });
      }),
  });
});

const made = () => making.map(({ name }) => name);

async function end(index: number, error?: WarRoomError): Promise<void> {
  making[index]?.end(error);
  await settled();
}

describe('images of what is used often', () => {
  it('are made one after the other, once it was quiet for a while', async () => {
    ahead.keep([server('a'), server('b')]);
    await clock.advance(minute - 1);
    ahead.keep([server('a'), server('b')]);
    await clock.advance(minute - 1);
    expect(made()).toEqual([]);
    await clock.advance(1);
    expect(made()).toEqual(['a']);
    await end(0);
    expect(made()).toEqual(['a', 'b']);
    expect(said[0]).toBe('Making the image of a ahead, since most incidents use it.');
  });

  it('count as used where they are there, and are tried only once where they are not', async () => {
    tiers.set('there', 1);
    for (let round = 0; round < 2; round++) {
      ahead.keep([server('broken'), server('there')]);
      await clock.advance(minute);
      if (round === 0) await end(0, new WarRoomError('image-failed', 'It has no such version.'));
      await end(making.length - 1);
    }
    expect(made()).toEqual(['broken', 'there', 'there']);
    expect(said).toHaveLength(1);
  });

  it('are tried again when there was no engine', async () => {
    ahead.keep([server('a')]);
    await clock.advance(minute);
    await end(0, new WarRoomError('engine-unavailable', 'Start Docker.'));
    ahead.keep([server('a')]);
    await clock.advance(minute);
    expect(made()).toEqual(['a', 'a']);
  });

  it('are of no concern where there is no image', async () => {
    ahead.keep([{ ...server('x'), program: { kind: 'command', command: 'x', folder: '/' } }]);
    await clock.advance(minute);
    expect(made()).toEqual([]);
  });

  it('are given up at the end', async () => {
    ahead.keep([server('a'), server('b')]);
    await clock.advance(minute);
    ahead.dispose();
    expect(making[0]?.signal.aborted).toBe(true);
    await end(0, new WarRoomError('cancelled', 'Cancelled.'));
    ahead.keep([server('c')]);
    await clock.advance(10 * minute);
    expect(made()).toEqual(['a']);
  });
});
