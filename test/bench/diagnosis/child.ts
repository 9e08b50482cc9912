import { monitorEventLoopDelay } from 'node:perf_hooks';

import { readLog } from '../../../src/intake/readLog';
import { playbookJudge } from '../../../src/playbooks/judge';
import { patternsOf } from './patternSets';

/** What one diagnosis took, in a process of its own. */
export interface Measured {
  /** From opening the log to the answer. */
  ms: number;
  /** Processor time of this process without what its start took, over all of its threads. */
  cpuMs: number;
  peakRssMb: number;
  loopP99Ms: number;
  verdict: string;
  category: string | null;
}

/** Reads a log and judges it, as the extension host does, and prints the figures. */
async function main(
  path: string,
  playbooks: number,
  scanScript: string,
  judgeScript: string,
): Promise<void> {
  const { prefilter } = patternsOf(playbooks);
  const judge = playbookJudge(judgeScript);
  const { signal } = new AbortController();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const before = process.cpuUsage();
  const start = performance.now();
  const { text } = await readLog(
    { kind: 'file', path },
    { patterns: prefilter, workerScript: scanScript, signal },
  );
  const { verdict, category } = await judge([text], { now: new Date(), signal });
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  delay.disable();
  const measured: Measured = {
    ms,
    cpuMs: (user + system) / 1000,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    // What the histogram measures includes its own resolution.
    loopP99Ms: delay.percentile(99) / 1e6 - 5,
    verdict,
    category,
  };
  console.log(JSON.stringify(measured));
}

const [, , path = '', playbooks = '0', scanScript = '', judgeScript = ''] = process.argv;
void main(path, Number(playbooks), scanScript, judgeScript);
