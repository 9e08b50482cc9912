import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readLog } from '../../../src/intake/readLog';
import type { IntakeOptions } from '../../../src/intake/source';
import { NEEDLE } from './log';
import { setNamed } from './sets';

/** Reads one log in a process of its own, so that its memory is its own, and prints the figures. */
export interface Measured {
  ms: number;
  peakRssMb: number;
  loopP99Ms: number;
  lines: number;
  keptLines: number;
  keptNeedle: boolean;
}

async function main(
  set: string,
  path: string,
  workerScript: string,
  workers: number,
): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const options: IntakeOptions = {
    patterns: setNamed(set).prefilter,
    ...(workers === 0 ? {} : { workerScript, workers: workers === 2 ? 2 : 1 }),
  };
  const start = performance.now();
  const { text } = await readLog({ kind: 'file', path }, options);
  const ms = performance.now() - start;
  delay.disable();
  const measured: Measured = {
    ms,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    // What the histogram measures includes its own resolution.
    loopP99Ms: delay.percentile(99) / 1e6 - 5,
    lines: text.totalLines,
    keptLines: text.lines.length,
    keptNeedle: text.lines.some((line) => line.text === NEEDLE),
  };
  console.log(JSON.stringify(measured));
}

const [, , set = '', path = '', workerScript = '', workers = '0'] = process.argv;
void main(set, path, workerScript, Number(workers));
