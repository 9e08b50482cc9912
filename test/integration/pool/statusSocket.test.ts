import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { PoolStatus } from '../../../src/pool/status';
import { announceStatus, announcedStatuses } from '../../../src/pool/statusSocket';

const status: PoolStatus = {
  limit: 10,
  pid: process.pid,
  pressure: {
    ours: { usedBytes: 0, totalBytes: 1, percent: 0 },
    machine: null,
    thresholdPercent: 80,
    isOver: false,
    ageMs: null,
  },
  engine: { state: 'unknown', message: '' },
  history: [],
  imagesBytes: null,
  running: 1,
  idle: 1,
  waiting: 0,
  memoryBytes: null,
  servers: [],
  failed: [],
};

it('is heard while its process lives, and what a dead one left is removed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'pools-'));
  await writeFile(path.join(folder, '999999.sock'), '');
  const announced = await announceStatus(folder, () => status);
  expect(await announcedStatuses(folder)).toEqual(new Map([[process.pid, status]]));
  expect(await readdir(folder)).toEqual([`${process.pid}.sock`]);
  announced.dispose();
  expect(await announcedStatuses(folder)).toEqual(new Map());
});
