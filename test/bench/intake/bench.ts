import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Bench, Figure } from '../run';
import type { Measured } from './child';
import { writeLog } from './log';
import { posixPatterns } from './patterns';

const GIB = 1024 ** 3;

/** A log of 1 GiB against `LC_ALL=C grep -E -c -f` with the same regular expressions. */
export const intakeBench: Bench = {
  name: 'intake',
  async run(log) {
    const folder = await mkdtemp(join(tmpdir(), 'war-room-bench-'));
    try {
      const path = join(folder, 'big.log');
      await writeLog(path, Number(process.env['BENCH_BYTES'] ?? GIB));
      const megabytes = (await stat(path)).size / 1024 ** 2;
      const bundles = await bundle(folder);
      const patterns = join(folder, 'patterns.txt');
      await writeFile(patterns, `${posixPatterns.join('\n')}\n`);

      // Taken in turns, and the best of each, since other work of the machine disturbs both.
      const rounds = Array.from({ length: 3 }, () => ({
        grep: grep(patterns, path),
        one: read(bundles, path, 1),
        two: read(bundles, path, 2),
      }));
      const grepMs = Math.min(...rounds.map((round) => round.grep));
      const best = (of: 'one' | 'two') =>
        rounds.map((round) => round[of]).reduce((a, b) => (b.ms < a.ms ? b : a));
      log(`log of ${megabytes.toFixed(0)} MiB, ${posixPatterns.length} regular expressions`);
      log(`grep       ${speed(megabytes, grepMs)}`);
      log(`1 thread   ${describe(megabytes, best('one'))}`);
      log(`2 threads  ${describe(megabytes, best('two'))}`);
      const inThread = read(bundles, path, 0);
      log(`no worker  ${describe(megabytes, inThread)}`);
      const runs = [...rounds.flatMap(({ one, two }) => [one, two]), inThread];
      return [
        atLeast('speed, 1 thread / grep', grepMs / best('one').ms, 0.25),
        atLeast('speed, 2 threads / grep', grepMs / best('two').ms, 0.5),
        atMost('peak RSS, MB', Math.max(...runs.map((run) => run.peakRssMb)), 350),
        atMost('event loop p99, ms', Math.max(...runs.map((run) => run.loopP99Ms)), 50),
        atLeast(
          'the one line that matters is kept',
          runs.every((run) => run.keptNeedle) ? 1 : 0,
          1,
        ),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const atLeast = (name: string, value: number, target: number): Figure => ({
  name,
  value,
  target: `>= ${target}`,
  ok: value >= target,
});
const atMost = (name: string, value: number, target: number): Figure => ({
  name,
  value,
  target: `<= ${target}`,
  ok: value <= target,
});

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

function read({ child, worker }: Bundles, path: string, workers: 0 | 1 | 2): Measured {
  const args = [child, path, worker, String(workers)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`reading failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

const speed = (megabytes: number, ms: number) =>
  `${(ms / 1000).toFixed(2)} s, ${(megabytes / (ms / 1000)).toFixed(0)} MiB/s`;

const describe = (megabytes: number, run: Measured) =>
  `${speed(megabytes, run.ms)}, peak ${run.peakRssMb.toFixed(0)} MB, loop p99 ${run.loopP99Ms.toFixed(1)} ms, kept ${run.keptLines} of ${run.lines} lines`;
