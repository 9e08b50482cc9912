import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { runCommand, runOrThrow } from '../../harness/process';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { buildServers } from './bundles';
import { makeNamespace, missingCluster, pod } from './cluster';
import type { TestNamespace } from './cluster';
import { need } from './prerequisite';

/**
 * The public MCP client, in its command-line mode. The last that runs on our oldest Node; it brings
 * so much with it that it is fetched for this test alone.
 */
const inspector = '@modelcontextprotocol/inspector';
const version = '1.0.3';

let folder: TemporaryFolder;
let missingInspector: string | null;
let missing: string | null;
let space: TestNamespace | null = null;

beforeAll(async () => {
  folder = await temporaryFolder('inspector');
  await buildServers(folder.path);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--no-save'];
  const install = ['install', '--prefix', folder.path, ...quiet, `${inspector}@${version}`];
  const { code, stderr } = await runCommand('npm', install, { deadlineMs: 240_000 });
  missingInspector = code === 0 ? null : `no MCP inspector: ${stderr.trim()}`;
  missing = missingInspector ?? (await missingCluster());
  if (missing !== null) return;
  space = await makeNamespace();
  const body = { metadata: { name: 'sleeper' }, spec: pod('sleep 3600') };
  await space.core.createNamespacedPod({ namespace: space.name, body });
}, 300_000);

afterAll(async () => {
  await space?.[Symbol.asyncDispose]();
  await folder.remove();
});

const listed = z.object({
  tools: z.array(
    z.object({ name: z.string(), annotations: z.object({ readOnlyHint: z.boolean() }) }),
  ),
});

const called = z.object({
  content: z.array(z.object({ text: z.string() })),
  isError: z.boolean().default(false),
  structuredContent: z.unknown().optional(),
});

/** What the inspector prints of the kubectl server. */
async function inspect(method: string, ...args: readonly string[]): Promise<unknown> {
  const cli = join(folder.path, 'node_modules', inspector, 'cli', 'build', 'cli.js');
  const environment = ['-e', `KUBECONFIG=${process.env['KUBECONFIG'] ?? ''}`];
  const server = [process.execPath, join(folder.path, 'kubectl.js')];
  const given = ['--cli', ...environment, ...server, '--method', method, ...args];
  return JSON.parse(await runOrThrow(process.execPath, [cli, ...given], { deadlineMs: 60_000 }));
}

const call = async (tool: string, given: Readonly<Record<string, string>>) => {
  const args = Object.entries(given).flatMap(([key, value]) => ['--tool-arg', `${key}=${value}`]);
  return called.parse(await inspect('tools/call', '--tool-name', tool, ...args));
};

describe('the kubectl server with the MCP inspector', { timeout: 120_000 }, () => {
  it('lists its tools, and which of them only read', async (context) => {
    need(context, missingInspector);
    const { tools } = listed.parse(await inspect('tools/list'));
    const reading = new Map(tools.map((tool) => [tool.name, tool.annotations.readOnlyHint]));
    expect(reading.get('list_pods')).toBe(true);
    expect(reading.get('restart_deployment')).toBe(false);
    expect(reading.get('scale_deployment')).toBe(false);
  });

  it('answers from the cluster', async (context) => {
    need(context, missing);
    const { structuredContent } = await call('list_pods', { namespace: space?.name ?? '' });
    expect(structuredContent).toMatchObject({ pods: [{ name: 'sleeper' }], next: null });
  });

  it.for<{ tool: string; given: Readonly<Record<string, string>> }>([
    { tool: 'restart_deployment', given: {} },
    { tool: 'scale_deployment', given: { replicas: '3' } },
  ])('refuses $tool, since the inspector cannot ask', async ({ tool, given }, context) => {
    need(context, missing);
    const place = { deployment: 'coredns', namespace: space?.name ?? '' };
    const { isError, content } = await call(tool, { ...place, ...given });
    expect(isError).toBe(true);
    expect(content[0]?.text).toContain('this client cannot ask for it (it has no elicitation)');
  });
});
