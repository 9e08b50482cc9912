import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { systemClock } from '../../src/base/clock';
import { silentLog } from '../../src/base/log';
import { bundledEntries } from '../../src/catalog/bundled';
import type { CatalogueEntry } from '../../src/catalog/entry';
import { connectEngine } from '../../src/pool/engine/connect';
import { createImages } from '../../src/pool/images/images';
import type { Runtime } from '../../src/pool/runtime';
import { dockerRuntime } from '../../src/pool/runtimes/docker/dockerRuntime';
import { defaultSettings } from '../../src/settings';
import { projectRoot } from '../harness/paths';
import { temporaryFolder } from '../harness/temporary';
import { lacksLive } from './placeholders';
import { record, type Recorded } from './recording';

const dataFile = join(projectRoot, 'src', 'catalog', 'data', 'recorded.json');
const transcripts = join(projectRoot, 'test', 'fixtures', 'catalogue');
const mebibyte = 1024 * 1024;

/**
 * Starts servers of the bundled list in containers, through the product's own images and runtime,
 * and writes down the tools that they list:
 *
 *     npm run build && npx tsx test/catalogue/record.ts [NAME…]
 *
 * `RECORD_NODE_IMAGE` and `RECORD_PYTHON_IMAGE` name other base images than the usual ones, and
 * `RECORD_POSTGRES_DSN` and the like what some servers need to start (`placeholders.ts`).
 */
async function main(names: readonly string[]): Promise<void> {
  await using folder = await temporaryFolder('images');
  const { pool } = defaultSettings;
  const settings = {
    ...pool,
    nodeImage: process.env['RECORD_NODE_IMAGE'] ?? pool.nodeImage,
    pythonImage: process.env['RECORD_PYTHON_IMAGE'] ?? pool.pythonImage,
  };
  const engine = await connectEngine({}, AbortSignal.timeout(10_000));
  const images = createImages({
    folder: folder.path,
    npmScript: join(process.env['WAR_ROOM_DIST'] ?? join(projectRoot, 'dist'), 'npm.js'),
    engine: () => Promise.resolve(engine),
    settings: () => settings,
    clock: systemClock,
    log: silentLog,
  });
  const runtime = dockerRuntime({
    connect: () => Promise.resolve(engine),
    images,
    owner: `recording-${process.pid}`,
    limits: { memoryBytes: pool.containerMemoryMiB * mebibyte, cpus: pool.containerCpus },
    network: 'war-room-recording',
    log: silentLog,
  });
  try {
    await recordAll(names, runtime, new Date().toISOString().slice(0, 10));
  } finally {
    await runtime.dispose();
    await images.dispose();
  }
}

/** Records the servers of these names, or all that are no part of War Room, one after the other. */
export async function recordAll(
  names: readonly string[],
  runtime: Runtime,
  today: string,
): Promise<void> {
  await mkdir(transcripts, { recursive: true });
  const chosen = bundledEntries.filter(
    ({ name, program }) =>
      program.kind !== 'bundled' && (names.length === 0 || names.includes(name)),
  );
  for (const entry of chosen) {
    if (lacksLive(entry, process.env)) {
      console.log(`${entry.name}: not tried, since what it needs to start is not there`);
      continue;
    }
    const { recorded, transcript } = await record(entry, runtime, today);
    await keep(entry, recorded, transcript);
    console.log(`${entry.name}: ${recorded.notStarted ?? `${recorded.tools.length} tools`}`);
  }
}

async function keep(
  entry: CatalogueEntry,
  recorded: Recorded,
  transcript: string | null,
): Promise<void> {
  const file = join(transcripts, `${entry.name}.jsonl`);
  if (transcript === null) await rm(file, { force: true });
  else await writeFile(file, transcript);
  const all = JSON.parse(await readFile(dataFile, 'utf8')) as Record<string, Recorded>;
  const next = Object.entries({ ...all, [entry.name]: recorded }).sort(([a], [b]) =>
    a.localeCompare(b),
  );
  await writeFile(dataFile, `${JSON.stringify(Object.fromEntries(next), null, 2)}\n`);
}

if (require.main === module) void main(process.argv.slice(2));
