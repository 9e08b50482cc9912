import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { build } from 'esbuild';
import { atLeast, atMost, type Figure } from '../figure';
import type { Bench } from '../run';
import type { Measured } from './child';
import { writeLog } from './log';
import { patternSets, type PatternSet } from './sets';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** A log of 1 GiB against `LC_ALL=C grep -E -c -f` with the same regular expressions. */
export const intakeBench: Bench = {
  name: 'intake',
  async run(log) {
    const folder = await mkdtemp(join(tmpdir(), 'war-room-bench-'));
    try {
      const path = join(folder, 'big.log');
      await writeLog(path, Number(process.env['BENCH_BYTES'] ?? GIB));
      const bundles = await bundle(folder);
      const figures: Figure[] = [];
      for (const set of patternSets)
        figures.push(...(await compare({ set, folder, path, bundles, log })));
      return figures;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Comparison {
  set: PatternSet;
  folder: string;
  path: string;
  bundles: Bundles;
  log: (line: string) => void;
}

async function compare({ set, folder, path, bundles, log }: Comparison): Promise<Figure[]> {
  const bytes = (await stat(path)).size;
  const patterns = join(folder, `${set.name}.txt`);
  await writeFile(patterns, `${set.posix.join('\n')}\n`);
  const part = bytes > set.grepBytes ? join(folder, 'part.log') : path;
  if (part !== path) await copyStart(path, part, set.grepBytes);
  const grepMegabytes = (await stat(part)).size / MIB;

  // Taken in turns, and the best counts, since other work of the machine disturbs all.
  const rounds = Array.from({ length: set.rounds }, () => ({
    grep: grep(patterns, part),
    one: read(bundles, set, path, 1),
    two: read(bundles, set, path, 2),
  }));
  const grepSpeed = grepMegabytes / Math.min(...rounds.map((round) => round.grep / 1000));
  const best = (of: 'one' | 'two') =>
    rounds.map((round) => round[of]).reduce((a, b) => (b.ms < a.ms ? b : a));
  const inThread = read(bundles, set, path, 0);
  const megabytes = bytes / MIB;
  log(`${set.name}: ${set.posix.length} regular expressions, log of ${megabytes.toFixed(0)} MiB`);
  log(`  grep       ${grepSpeed.toFixed(1)} MiB/s over ${grepMegabytes.toFixed(0)} MiB`);
  log(`  1 thread   ${describe(megabytes, best('one'))}`);
  log(`  2 threads  ${describe(megabytes, best('two'))}`);
  log(`  no worker  ${describe(megabytes, inThread)}`);

  const runs = [...rounds.flatMap(({ one, two }) => [one, two]), inThread];
  const ratio = (run: Measured) => speed(megabytes, run) / grepSpeed;
  const most = (of: (run: Measured) => number) => Math.max(...runs.map(of));
  const kept = runs.every((run) => run.keptNeedle) ? 1 : 0;
  return [
    atLeast(`${set.name}: speed of 1 thread / grep`, ratio(best('one')), 0.25),
    atLeast(`${set.name}: speed of 2 threads / grep`, ratio(best('two')), 0.5),
    atMost(
      `${set.name}: peak RSS, MB`,
      most((run) => run.peakRssMb),
      350,
    ),
    atMost(
      `${set.name}: event loop p99, ms`,
      most((run) => run.loopP99Ms),
      50,
    ),
    atLeast(`${set.name}: the one line that matters is kept`, kept, 1),
  ];
}

async function copyStart(from: string, to: string, bytes: number): Promise<void> {
  await pipeline(createReadStream(from, { end: bytes - 1 }), createWriteStream(to));
}

interface Bundles {
  child: string;
  worker: string;
}

/** As they are in the extension: bundled, CommonJS. */
async function bundle(folder: string): Promise<Bundles> {
  const bundles = { child: join(folder, 'child.js'), worker: join(folder, 'scan.js') };
  const entries = [
    ['test/bench/intake/child.ts', bundles.child],
    ['src/intake/scanWorker.ts', bundles.worker],
  ] as const;
  for (const [entry, outfile] of entries)
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
    });
  return bundles;
}

function grep(patterns: string, path: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync('grep', ['-E', '-c', '-f', patterns, path], {
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`grep failed: ${stderr}`);
  return performance.now() - start;
}

function read({ child, worker }: Bundles, set: PatternSet, path: string, workers: 0 | 1 | 2) {
  const args = [child, set.name, path, worker, String(workers)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`reading failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

/** MiB a second. */
const speed = (megabytes: number, run: Measured) => megabytes / (run.ms / 1000);

const describe = (megabytes: number, run: Measured) =>
  `${speed(megabytes, run).toFixed(0)} MiB/s, peak ${run.peakRssMb.toFixed(0)} MB, ` +
  `loop p99 ${run.loopP99Ms.toFixed(1)} ms, kept ${run.keptLines} of ${run.lines} lines`;
