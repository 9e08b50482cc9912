import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { build } from 'esbuild';

import { atLeast, atMost, type Figure } from '../figure';
import { writeLog } from '../intake/log';
import type { Bench } from '../run';
import type { Measured } from './child';
import { patternsOf } from './patternSets';

const MIB = 1024 ** 2;
const sizes = [1, 10, 100, 1024];
const playbookCounts = [10, 60, 300];
/** A searcher is given ten times as much of a log only where that would take less than this. */
const patienceMs = 30_000;
/** With this many expressions a searcher may need minutes for its first MiB; then nothing is told of it. */
const mostMs = 60_000;

/**
 * Whole diagnoses without a model: reading a log, and judging it. Beside them `grep -i -E` and
 * ripgrep look for the same expressions in as much of the log as they can in a minute, and the
 * figure says how much that was; one that is not installed, or does not end, is named.
 */
export const diagnosisBench: Bench = {
  name: 'diagnosis',
  async run(log) {
    const folder = await mkdtemp(join(tmpdir(), 'war-room-bench-'));
    try {
      const bundles = await bundle(folder);
      const most = Number(process.env['BENCH_MIB'] ?? Infinity);
      const figures: Figure[] = [];
      const chosen = sizes.filter((size) => size <= most);
      for (const megabytes of chosen) {
        const path = join(folder, `${megabytes}.log`);
        await writeLog(path, megabytes * MIB);
        figures.push(
          ...(await bySize({
            folder,
            path,
            megabytes,
            last: megabytes === chosen.at(-1),
            bundles,
            log,
          })),
        );
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
  /** The largest log is also searched by others. */
  last: boolean;
  bundles: Bundles;
  log: (line: string) => void;
}

async function bySize({ folder, path, megabytes, last, bundles, log }: Run): Promise<Figure[]> {
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
    for (const { name, found } of last ? await searchers(folder, path, patterns) : []) {
      if (typeof found === 'string') {
        words.push(`${name} ${found}`);
        continue;
      }
      words.push(`${name} ${found.speed.toFixed(2)} MiB/s on ${found.megabytes} MiB`);
      const ratio = speed / found.speed;
      const title = `${megabytes} MiB, ${count} playbooks: speed / ${name} on ${found.megabytes} MiB`;
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

/** Its limits let it take as many expressions as it can. */
const ripgrep = ['-i', '-c', '--no-config', '--regex-size-limit=1G', '--dfa-size-limit=1G', '-f'];

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
  /** MiB a second in so many MiB, or why there is no figure. */
  found: { speed: number; megabytes: number } | string;
}

async function searchers(
  folder: string,
  path: string,
  patterns: { posix: string; rust: string },
): Promise<Searcher[]> {
  const whole = Math.round((await stat(path)).size / MIB);
  const speedOf = async (program: string, args: readonly string[]) => {
    let found: Searcher['found'] = 'does not end in a minute';
    for (let megabytes = 1; megabytes <= whole; megabytes *= 10) {
      const part = join(folder, 'part.log');
      await copyStart(path, part, megabytes * MIB);
      const ms = search(program, [...args, part]);
      if (ms === 'absent') return 'is not installed';
      if (ms === 'refused') return 'refuses so many expressions';
      if (ms === 'endless') break;
      found = { speed: megabytes / (ms / 1000), megabytes };
      if (ms * 10 > patienceMs) break;
    }
    return found;
  };
  return [
    { name: 'grep -E', found: await speedOf('grep', ['-i', '-E', '-c', '-f', patterns.posix]) },
    {
      name: 'ripgrep',
      found: await speedOf('rg', [...ripgrep, patterns.rust]),
    },
  ];
}

/** Not by way of memory: Linux counts what a process was started by into its own peak. */
async function copyStart(path: string, part: string, bytes: number): Promise<void> {
  await pipeline(createReadStream(path, { end: bytes - 1 }), createWriteStream(part));
}

/** Milliseconds that a search took. */
function search(
  program: string,
  args: readonly string[],
): number | 'absent' | 'endless' | 'refused' {
  const start = performance.now();
  const { status, error } = spawnSync(program, args, {
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
    timeout: mostMs,
    killSignal: 'SIGKILL',
  });
  if (error) return 'code' in error && error.code === 'ETIMEDOUT' ? 'endless' : 'absent';
  if (status === 2) return 'refused';
  return performance.now() - start;
}
