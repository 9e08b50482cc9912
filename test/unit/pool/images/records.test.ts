import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { MachineBase } from '../../../../src/pool/images/machineBase';
import { ImageRecords, bytesOf, keyOf, newRecord } from '../../../../src/pool/images/records';
import type { ImageProgram, ImageRecord, RecordedImage } from '../../../../src/pool/images/records';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';

const program: ImageProgram = {
  ...{ kind: 'npm', package: 'server', version: '1.0.0', integrity: null, bin: null },
};
const image: RecordedImage = {
  ...{ id: 'sha256:1', command: ['node'], environment: {}, isGuarded: true, notice: null },
  ...{ base: null, layers: [{ id: 'a', bytes: 5 }], isOurs: true },
};
const record = (changes: Partial<ImageRecord> = {}): ImageRecord => ({
  ...newRecord(program, new Date('2026-01-02T03:04:05Z')),
  image,
  ...changes,
});

let folder: TemporaryFolder;
let records: ImageRecords;

beforeEach(async () => {
  folder = await temporaryFolder('records');
  records = new ImageRecords(join(folder.path, 'records'));
});

afterEach(() => folder.remove());

describe('tiers', () => {
  it('go up with what was seen', async () => {
    expect(await records.tierOf(program)).toBe(3);
    await records.write(record());
    expect(await records.tierOf(program)).toBe(2);
    await records.write(record({ provenStartMs: 400 }));
    expect(await records.tierOf(program)).toBe(1);
    await records.write(record({ provenStartMs: 400, image: null }));
    expect(await records.tierOf(program)).toBe(2);
  });

  it('are another for another version or command', async () => {
    await records.write(record({ provenStartMs: 400 }));
    expect(await records.tierOf({ ...program, version: '1.0.1' })).toBe(3);
    expect(await records.tierOf({ ...program, bin: 'other' })).toBe(3);
    expect(await records.tierOf({ ...program, integrity: 'sha512-x' })).toBe(1);
  });
});

describe('records', () => {
  it('come back as they were written', async () => {
    await records.write(record({ timesUsed: 7 }));
    expect(await records.of(program)).toEqual(record({ timesUsed: 7 }));
    expect(await records.all()).toEqual([record({ timesUsed: 7 })]);
  });

  it('are none where nothing was built', async () => {
    expect(await records.all()).toEqual([]);
    expect(await records.of(program)).toBeUndefined();
  });

  it('may be broken without harm to the others', async () => {
    await records.write(record());
    const broken = join(folder.path, 'records');
    await mkdir(join(broken, 'folder.json'));
    await writeFile(join(broken, 'broken.json'), '{"schema":1,');
    await writeFile(join(broken, 'newer.json'), '{"schema":2}');
    await writeFile(join(broken, '.writing-x.json'), JSON.stringify(record()));
    expect(await records.all()).toEqual([record()]);
    expect(await readdir(broken)).toContain(`${keyOf(program)}.json`);
  });
});

describe('disk use', () => {
  it('counts layers and bases that images share once', () => {
    const machine: MachineBase = {
      ...{ id: 'base', language: 'node', program: '/usr/bin/node' },
      ...{ tag: 'node-1', bytes: 100, description: '' },
    };
    const base = { id: 'base', setting: 'node:24-slim', machine };
    const first = {
      ...image,
      base,
      layers: [
        { id: 'a', bytes: 5 },
        { id: 'b', bytes: 7 },
      ],
    };
    const second = {
      ...image,
      base,
      layers: [
        { id: 'a', bytes: 5 },
        { id: 'c', bytes: 11 },
      ],
    };
    expect(bytesOf([record({ image: first }), record({ image: second })])).toBe(123);
  });

  it('counts nothing that is not ours, or gone', () => {
    const others = { ...image, isOurs: false };
    expect(bytesOf([record({ image: others }), record({ image: null })])).toBe(0);
  });
});
