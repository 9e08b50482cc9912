import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { shareImages } from '../../harness/sharedImages';
import { Bench } from '../cli/command';
import { missingCluster } from '../mcp/cluster';
import { missingEngine } from '../mcp/engine';
import { need } from '../mcp/prerequisite';

// The image of a server is made first where it is not there.
vi.setConfig({ testTimeout: 600_000 });

let missing: string | null;
let withoutCluster: string | null;
let bench: Bench;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing !== null) return;
  bench = await Bench.make();
  await shareImages(bench.data);
  withoutCluster = await missingCluster();
}, 120_000);

beforeEach((context) => need(context, missing));

afterAll(async () => {
  await bench?.[Symbol.asyncDispose]();
});

/** Calls a tool of a server of the catalogue in a container, as a person tries it. */
async function call(server: string, tool: string, given: object = {}) {
  const { status, stdout, stderr } = await bench.run(
    ['call', server, tool, JSON.stringify(given), '--runtime', 'docker', '--allow-start'],
    {
      env: {
        DOCKER_HOST: process.env['DOCKER_HOST'],
        KUBECONFIG: process.env['KUBECONFIG'],
      },
    },
  );
  if (status !== 0) throw new Error(`It ended with status ${status}: ${stdout}${stderr}`);
  return stdout;
}

/** Nobody here wrote these; those of databases are called where the three errors come at once. */
describe('a server of the catalogue, in a container of its own through the pool', () => {
  it.each<[string, string, object, RegExp]>([
    ['everything', 'echo', { message: '전쟁 상황실' }, /Echo: 전쟁 상황실/],
    ['filesystem', 'list_allowed_directories', {}, /\/tmp/],
    ['memory', 'read_graph', {}, /"entities"/],
    ['sequential-thinking', 'sequentialthinking', thought(), /"thoughtNumber": ?1/],
    ['time', 'get_current_time', { timezone: 'UTC' }, /"timezone": ?"UTC"/],
    ['timestamps', 'current_time', { format: 'YYYY-MM-DD' }, /20\d\d-\d\d-\d\d/],
  ])('%s answers %s', async (server, tool, given, answer) => {
    expect(await call(server, tool, given)).toMatch(answer);
  });

  it('kubernetes answers from a real cluster, with a kubeconfig made for it', async (context) => {
    need(context, withoutCluster);
    expect(await call('kubernetes', 'namespaces_list')).toContain('kube-system');
  });

  it('kubernetes-cli answers, and says that its image has no kubectl', async (context) => {
    need(context, withoutCluster);
    expect(await call('kubernetes-cli', 'ping')).toBe('\n');
    const namespaces = { resourceType: 'namespaces', name: '', namespace: '' };
    await expect(call('kubernetes-cli', 'kubectl_get', namespaces)).rejects.toThrow(
      /kubectl ENOENT/,
    );
  });
});

function thought() {
  return { thought: 'Why?', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 };
}
