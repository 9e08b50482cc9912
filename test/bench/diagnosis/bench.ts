import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

import { atLeast, atMost, type Figure } from '../figure';
import { writeLog } from '../intake/log';
import type { Bench } from '../run';
import type { Measured } from './child';
import { patternsOf } from './patternSets';

const MIB = 1024 ** 2;
const sizes = [1, 10, 100, 1024];
const playbookCounts = [10, 60, 300];
/** How much of a log grep is given: with the playbooks' expressions it takes a second for a MiB. */
const grepMegabytes = 1;

/**
 * Whole diagnoses without a model: reading a log, and judging it. Beside them `grep -i -E` and
 * ripgrep look for the same expressions; ripgrep is left out, and named, where it is not installed.
 */
export const diagnosisBench: Bench = {
  name: 'diagnosis',
  async run(log) {
    const folder = await mkdtemp(join(tmpdir(), 'war-room-bench-'));
    try {
      const bundles = await bundle(folder);
      const most = Number(process.env['BENCH_MIB'] ?? Infinity);
      const figures: Figure[] = [];
      for (const megabytes of sizes.filter((size) => size <= most)) {
        const path = join(folder, `${megabytes}.log`);
        await writeLog(path, megabytes * MIB);
        figures.push(...(await bySize({ folder, path, megabytes, bundles, log })));
        await rm(path);
      }
      return figures;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Bundles {
  child: string;
  scan: string;
  judge: string;
}

interface Run {
  folder: string;
  path: string;
  megabytes: number;
  bundles: Bundles;
  log: (line: string) => void;
}

async function bySize({ folder, path, megabytes, bundles, log }: Run): Promise<Figure[]> {
  const runs: Measured[] = [];
  const ratios: Figure[] = [];
  for (const count of playbookCounts) {
    const { posix, rust } = patternsOf(count);
    const patterns = { posix: join(folder, 'posix.txt'), rust: join(folder, 'rust.txt') };
    await writeFile(patterns.posix, `${posix.join('\n')}\n`);
    await writeFile(patterns.rust, `${rust.join('\n')}\n`);
    const run = diagnose(bundles, path, count);
    runs.push(run);
    const speed = megabytes / (run.ms / 1000);
    const words = [
      `${megabytes} MiB, ${count} playbooks: ${run.ms.toFixed(0)} ms (${speed.toFixed(0)} MiB/s)`,
      `cpu ${run.cpuMs.toFixed(0)} ms, peak ${run.peakRssMb.toFixed(0)} MB`,
      `loop p99 ${run.loopP99Ms.toFixed(1)} ms, ${run.category ?? run.verdict}`,
    ];
    const others = await searchers(folder, path, patterns);
    for (const { name, megabytesPerSecond } of others) {
      words.push(`${name} ${megabytesPerSecond?.toFixed(1) ?? 'is not installed:'} MiB/s`);
      if (megabytesPerSecond === null) continue;
      const ratio = speed / megabytesPerSecond;
      const title = `${megabytes} MiB, ${count} playbooks: speed / ${name}`;
      if (name === 'grep -E') ratios.push(atLeast(title, ratio, 1));
      else ratios.push({ name: title, value: ratio, target: 'told, no target', ok: true });
    }
    log(words.join(', '));
  }
  const [few, , many] = runs;
  const growth = few && many ? many.ms / few.ms : Infinity;
  return [
    ...ratios,
    atMost(`${megabytes} MiB: time of 300 playbooks / of 10`, growth, 3),
    atMost(
      `${megabytes} MiB: event loop p99, ms`,
      Math.max(...runs.map((run) => run.loopP99Ms)),
      50,
    ),
    atMost(`${megabytes} MiB: peak RSS, MB`, Math.max(...runs.map((run) => run.peakRssMb)), 350),
  ];
}

/** As they are in the extension: bundled, CommonJS. */
async function bundle(folder: string): Promise<Bundles> {
  const entries = {
    child: 'test/bench/diagnosis/child.ts',
    scan: 'src/intake/scanWorker.ts',
    judge: 'src/playbooks/judgeWorker.ts',
  };
  const made = { child: '', scan: '', judge: '' };
  for (const name of ['child', 'scan', 'judge'] as const) {
    made[name] = join(folder, `${name}.js`);
    await build({
      entryPoints: [entries[name]],
      outfile: made[name],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
    });
  }
  return made;
}

function diagnose({ child, scan, judge }: Bundles, path: string, playbooks: number): Measured {
  const args = [child, path, String(playbooks), scan, judge];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The diagnosis failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

interface Searcher {
  name: string;
  /** Null where it is not installed. */
  megabytesPerSecond: number | null;
}

async function searchers(
  folder: string,
  path: string,
  patterns: { posix: string; rust: string },
): Promise<Searcher[]> {
  const part = join(folder, 'part.log');
  await writeFile(part, await startOf(path, grepMegabytes * MIB));
  const read = (await stat(part)).size / MIB;
  const whole = (await stat(path)).size / MIB;
  const grep = search('grep', ['-i', '-E', '-c', '-f', patterns.posix, part]);
  const ripgrep = search('rg', ['-i', '-c', '--no-config', '-f', patterns.rust, path]);
  return [
    { name: 'grep -E', megabytesPerSecond: grep === null ? null : read / grep },
    { name: 'ripgrep', megabytesPerSecond: ripgrep === null ? null : whole / ripgrep },
  ];
}

async function startOf(path: string, bytes: number): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
  return buffer.subarray(0, bytesRead);
}

/** Seconds that a search took; null where the program is not installed. */
function search(program: string, args: readonly string[]): number | null {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(program, args, {
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  if (error) return null;
  if (status === 2) throw new Error(`${program} failed: ${stderr.slice(-300)}`);
  return (performance.now() - start) / 1000;
}
