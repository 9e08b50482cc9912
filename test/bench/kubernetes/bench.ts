import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';

import { temporaryFolder } from '../../harness/temporary';
import { buildServers } from '../../integration/mcp/bundles';
import { atMost } from '../figure';
import type { Figure } from '../figure';
import type { Bench } from '../run';
import { ManyPods } from './manyPods';
import { watchPeak } from './peakMemory';

const count = Number(process.env['BENCH_PODS'] ?? 10_000);
const rounds = 3;
const largestPage = 500;

/**
 * The kubectl server beside `kubectl` itself. Needs `KUBECONFIG`, and kubectl in the `PATH`. The targets
 * are for 10,000 pods; of fewer (`BENCH_PODS`) the start of Node is the larger part.
 */
export const kubernetesBench: Bench = {
  name: 'kubernetes',
  run: async (log) => {
    await using folder = await temporaryFolder('bench-kubernetes');
    await buildServers(folder.path);
    const script = join(folder.path, 'kubectl.js');
    const begin = performance.now();
    await using pods = await ManyPods.make(count);
    log(`${count} pods made in ${Math.round((performance.now() - begin) / 1000)} s`);
    // Taken in turns, and the best counts, since other work of the machine disturbs all.
    const taken: { theirs: Theirs; ours: Ours }[] = [];
    for (let round = 1; round <= rounds; round++) {
      const { namespace, firstPod } = pods;
      const theirs = await kubectl(namespace, firstPod);
      const ours = await server(script, namespace, firstPod);
      log(`kubectl ${JSON.stringify(theirs, rounded)}`);
      log(`ours    ${JSON.stringify(ours, rounded)}`);
      taken.push({ theirs, ours });
    }
    return figuresOf(taken);
  },
};

/** Times in milliseconds, memory in MB. */
interface Theirs {
  listMs: number;
  describeMs: number;
  peakMb: number;
}

interface Ours {
  /** From the start of the process to the answer. */
  firstPageMs: number;
  allPagesMs: number;
  describeMs: number;
  peakMb: number;
  pods: number;
  largestAnswer: number;
}

function figuresOf(taken: readonly { theirs: Theirs; ours: Ours }[]): Figure[] {
  const best = (of: (one: (typeof taken)[number]) => number) => Math.min(...taken.map(of));
  const most = (of: (one: (typeof taken)[number]) => number) => Math.max(...taken.map(of));
  const listMs = best(({ theirs }) => theirs.listMs);
  const describeMs = best(({ theirs }) => theirs.describeMs);
  const missed = most(({ ours }) => Math.abs(count - ours.pods));
  const largest = most(({ ours }) => ours.largestAnswer) / 1024;
  const peak = most(({ ours }) => ours.peakMb) / best(({ theirs }) => theirs.peakMb);
  return [
    atMost(
      'start and first page / kubectl get pods',
      best((it) => it.ours.firstPageMs) / listMs,
      1,
    ),
    atMost('every page of 500 / kubectl get pods', best((it) => it.ours.allPagesMs) / listMs, 1),
    atMost('describe one / kubectl describe pod', best((it) => it.ours.describeMs) / describeMs, 1),
    atMost('peak RSS / kubectl get pods', peak, 1),
    atMost('largest answer, KiB', largest, 256),
    atMost('pods missed or given twice', missed, 0),
  ];
}

async function kubectl(namespace: string, pod: string): Promise<Theirs> {
  const listed = await run('get', 'pods', '--namespace', namespace);
  if (listed.lines < count) throw new Error(`kubectl gave ${listed.lines} lines.`);
  const described = await run('describe', 'pod', pod, '--namespace', namespace);
  return { listMs: listed.ms, describeMs: described.ms, peakMb: listed.peakMb };
}

async function run(...args: readonly string[]) {
  const begin = performance.now();
  const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const peak = watchPeak(child.pid ?? 0);
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    lines += text.split('\n').length - 1;
  });
  await once(child, 'close');
  return { ms: performance.now() - begin, lines, peakMb: peak() };
}

const page = z.object({
  structuredContent: z.object({ pods: z.array(z.unknown()), next: z.string().nullable() }),
});

async function server(script: string, namespace: string, pod: string): Promise<Ours> {
  const begin = performance.now();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [script],
    env: { KUBECONFIG: process.env['KUBECONFIG'] ?? '' },
  });
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(transport);
  const peak = watchPeak(transport.pid ?? 0);
  try {
    const call = (name: string, given: Record<string, unknown>) =>
      client.callTool({ name, arguments: { namespace, ...given } });
    await call('list_pods', {});
    const firstPageMs = performance.now() - begin;
    const all = await timed(() => everyPage((given) => call('list_pods', given)));
    const described = await timed(() => call('describe_pod', { pod_name: pod }));
    const peakMb = peak();
    return { firstPageMs, allPagesMs: all.ms, describeMs: described.ms, peakMb, ...all.value };
  } finally {
    peak();
    await client.close();
  }
}

async function everyPage(list: (given: Record<string, unknown>) => Promise<unknown>) {
  let pods = 0;
  let largestAnswer = 0;
  let next: string | null = null;
  do {
    const answer = await list({ limit: largestPage, ...(next === null ? {} : { continue: next }) });
    const { structuredContent } = page.parse(answer);
    pods += structuredContent.pods.length;
    largestAnswer = Math.max(largestAnswer, Buffer.byteLength(JSON.stringify(answer)));
    next = structuredContent.next;
  } while (next !== null);
  return { pods, largestAnswer };
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const begin = performance.now();
  const value = await work();
  return { ms: performance.now() - begin, value };
}

const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Math.round(value) : value;
