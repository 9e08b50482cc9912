import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

import { exactCall } from '../../src/base/exactCall';
import { projectRoot } from '../harness/paths';
import { waitFor } from '../harness/wait';
import { makeNamespace, missingCluster, pod } from '../integration/mcp/cluster';
import type { TestNamespace } from '../integration/mcp/cluster';
import { need } from '../integration/mcp/prerequisite';
import { OnCall } from './onCall';
import { ProbeModel } from './probeModel';

/** What an agent of the editor gets from the kubectl server, which VS Code itself starts. */
describe("the kubectl server in VS Code's own MCP host", () => {
  let missing: string | null;
  let space: TestNamespace;
  let probe: ProbeModel;
  let desk: OnCall;

  beforeAll(async () => {
    missing = await missingCluster();
    if (missing !== null) return;
    space = await makeNamespace();
    await deploy(space, 'checkout');
    probe = await ProbeModel.create();
    const { session } = probe;
    desk = await OnCall.start({ ...session, env: { ...session.env, ...space.environment } });
    const server = {
      command: process.execPath,
      args: [join(projectRoot, 'dist', 'servers', 'kubectl.js')],
    };
    await desk.write('.vscode/mcp.json', JSON.stringify({ servers: { cluster: server } }));
    await desk.workbench.openViewContainer('War Room');
  });

  afterAll(async () => {
    await desk?.dispose();
    await probe?.[Symbol.asyncDispose]();
    await space?.[Symbol.asyncDispose]();
  });

  beforeEach((context) => {
    need(context, missing);
    onTestFailed(() => desk.session.saveFailure(context.task.name));
  });

  async function startServer(name: string): Promise<void> {
    await desk.workbench.runCommand('MCP: List Servers');
    await desk.workbench.quickInput.choose(name);
    await desk.workbench.quickInput.choose('Start Server');
  }

  async function beginCall(name: string, input: object): Promise<void> {
    await desk.workbench.runCommand('Probe: Call Tool');
    await desk.workbench.quickInput.waitForPrompt('Which tool, with what?');
    await desk.workbench.quickInput.enter(JSON.stringify({ name, input }));
  }

  /** When the deployment's template was told to be made anew; undefined when it never was. */
  async function restartedAt(): Promise<string | undefined> {
    const { spec } = await space.apps.readNamespacedDeployment({
      name: 'checkout',
      namespace: space.name,
    });
    return spec?.template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt'];
  }

  test('its tools are known without a lease that lasts', async () => {
    await startServer('War Room: kubectl');
    const row = await waitFor(
      'the server to be idle',
      async () =>
        (await desk.workbench.view('MCP Servers').rows()).find(({ description }) =>
          /^idle/.test(description),
        ),
      { deadlineMs: 60_000 },
    );
    expect(row.label).toBe('kubectl');
    await desk.workbench.runCommand('MCP: List Servers');
    await desk.workbench.quickInput.choose('War Room: kubectl');
    await desk.workbench.quickInput.choose('Stop Server');
  });

  // Its own definition, and the one that War Room offers, which leases it from the pool.
  test.each([
    ['cluster', 'mcp_war-room-kube_'],
    ['War Room: kubectl', 'mcp_war-room_'],
  ])('reads, and changes nothing without a yes to the exact call: %s', async (server, prefix) => {
    const { quickInput } = desk.workbench;
    const at = { context: space.context, namespace: space.name };
    await startServer(server);
    const listed = await waitFor(
      'the pods',
      async () => {
        await beginCall(`${prefix}list_pods`, at);
        return (await probe.toolAnswer()).text;
      },
      { deadlineMs: 90_000 },
    );
    expect(JSON.parse(listed)).toMatchObject({
      place: at,
      pods: [{ name: expect.stringMatching(/^checkout-/) as string }],
    });

    const restart = { ...at, deployment: 'checkout' };
    const answerTo = async (answer: 'true' | 'false') => {
      await beginCall(`${prefix}restart_deployment`, restart);
      await desk.workbench.dialog().press('Yes');
      const where = `in namespace ${space.name} of context ${space.context}`;
      const question = desk.workbench.notification(`Restart deployment checkout ${where}?`);
      await question.press('Respond');
      await quickInput.waitForPrompt(exactCall('restart_deployment', restart));
      await quickInput.choose(answer);
      return await probe.toolAnswer();
    };
    const before = await restartedAt();
    expect(JSON.stringify(await answerTo('false'))).toContain('was not approved');
    expect(await restartedAt()).toBe(before);
    expect((await answerTo('true')).text).toContain('restarted');
    expect(await restartedAt()).not.toBe(before);
  });
});

async function deploy({ apps, name: namespace }: TestNamespace, name: string): Promise<void> {
  const labels = { app: name };
  await apps.createNamespacedDeployment({
    namespace,
    body: {
      metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: pod('echo ready; sleep 3600') },
      },
    },
  });
}
