import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';

import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';
import { buildServers } from './bundles';
import { connect } from './client';
import { makeNamespace, missingCluster, pod } from './cluster';
import type { TestNamespace } from './cluster';
import { need } from './prerequisite';

let folder: TemporaryFolder;
let missing: string | null;
let space: TestNamespace | null = null;
const script = (name: string) => join(folder.path, `${name}.js`);

beforeAll(async () => {
  folder = await temporaryFolder('kubectl');
  await buildServers(folder.path);
  missing = await missingCluster();
  if (missing !== null) return;
  space = await makeNamespace();
  const namespace = space.name;
  await space.apps.createNamespacedDeployment({
    namespace,
    body: {
      metadata: { name: 'checkout' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'checkout' } },
        template: {
          metadata: { labels: { app: 'checkout' } },
          spec: pod('echo "request 1 handled"; echo "error: payment timed out" >&2; sleep 3600'),
        },
      },
    },
  });
  await space.core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name: 'crasher' },
      spec: pod('echo "FATAL: DATABASE_URL is empty"; exit 3'),
    },
  });
}, 180_000);

afterAll(async () => {
  await space?.[Symbol.asyncDispose]();
  await folder.remove();
});

/** The namespace and the arguments that name it. */
function place(context: TestContext) {
  need(context, missing);
  if (!space) throw new Error('the namespace was not made');
  return { ...space, at: { context: space.context, namespace: space.name } };
}

describe('the kubectl server', { timeout: 120_000 }, () => {
  it('marks the tools that change the cluster', async () => {
    await using session = await connect(script('kubectl'), {});
    const { tools } = await session.client.listTools();
    const changing = tools.filter(({ annotations }) => annotations?.destructiveHint);
    expect(changing.map(({ name }) => name)).toEqual(['restart_deployment', 'scale_deployment']);
    for (const tool of tools) {
      expect(tool.inputSchema.properties).toHaveProperty('context');
      expect(tool.inputSchema.properties).toHaveProperty('namespace');
      expect(tool.annotations?.readOnlyHint).toBe(!changing.includes(tool));
    }
  });

  it('asks which context is meant when there are several', async () => {
    const file = join(folder.path, 'two.yaml');
    await writeFile(file, kubeconfig(['blue', 'green']));
    await using session = await connect(script('kubectl'), { KUBECONFIG: file });
    expect(await session.call('list_pods')).toMatchObject({
      isError: true,
      text: 'The kubeconfig has several contexts (blue, green): say with "context" which one is meant, or set WAR_ROOM_KUBE_CONTEXT.',
    });
    const other = await session.call('list_pods', { context: 'red' });
    expect(other.text).toBe('The kubeconfig has no context red; it has blue, green.');
  });

  it('says that a cluster cannot be reached', async () => {
    const file = join(folder.path, 'dead.yaml');
    await writeFile(file, kubeconfig(['dead']));
    await using session = await connect(script('kubectl'), { KUBECONFIG: file });
    const answer = await session.call('list_nodes');
    expect(answer).toMatchObject({
      isError: true,
      text: 'The cluster of context dead at https://127.0.0.1:9 cannot be reached (ECONNREFUSED); check that it runs and that the kubeconfig is right.',
    });
  });

  it('says which place it took when none was given', async (context) => {
    const { environment } = place(context);
    await using session = await connect(script('kubectl'), environment);
    const answer = await session.call('list_deployments');
    expect(answer.text).toMatch(
      /^# context \S+ \(the only one of the kubeconfig\), namespace default/,
    );
  });

  it('lists and describes a pod that crashes, with its events and its log', async (context) => {
    const { environment, at } = place(context);
    await using session = await connect(script('kubectl'), environment);
    const crasher = { pod_name: 'crasher', ...at };
    // The first restart comes at once: only then is there a back-off, and a log that has its last line.
    await waitFor(
      'the kubelet to back off',
      async () => {
        const answer = await session.call('get_events', { ...at, object: 'crasher' });
        return /Warning +BackOff +pod\/crasher/.test(answer.text);
      },
      { deadlineMs: 60_000 },
    );
    const { text } = await session.call('describe_pod', crasher);
    expect(text).toMatch(/^ {4}Restart Count: +[1-9]/m);
    expect(text).toMatch(/^Name: +crasher$/m);
    expect(text).toMatch(/^ {4}Last State: +Terminated$/m);
    expect(text).toMatch(/^ {6}Exit Code: +3$/m);
    expect(text).toMatch(/^ {4}Limits:\n {6}memory: +32Mi$/m);
    expect(text).toMatch(/^ {2}Normal +Scheduled .*Successfully assigned/m);
    const list = await session.call('list_pods', at);
    expect(list.text).toMatch(/^crasher +0\/1 +(CrashLoopBackOff|Error|Running|Completed) +[1-9]/m);
    const log = await session.call('get_pod_logs', crasher);
    expect(log.text).toBe('FATAL: DATABASE_URL is empty');
  });

  it('gives long lists page by page', async (context) => {
    const { environment, at } = place(context);
    await using session = await connect(script('kubectl'), environment);
    const first = await session.call('list_pods', { ...at, limit: 1 });
    const { next } = first.structured as { next: string };
    expect(first.structured).toMatchObject({ pods: [{}] });
    expect(first.text).toContain(`continue=${next}`);
    const second = await session.call('list_pods', { ...at, limit: 1, continue: next });
    expect(second.structured).toMatchObject({ pods: [{}] });
    expect(second.structured).not.toEqual(first.structured);
  });

  it('says which right is missing', async (context) => {
    const { at, ...cluster } = place(context);
    await using session = await connect(script('kubectl'), await cluster.powerless(folder.path));
    const answer = await session.call('list_pods', { namespace: at.namespace });
    expect(answer.text).toMatch(
      /^This account may not list pods in namespace \S+ of context \S+: ask for a Role in \S+ with the verb "list" on "pods"\.$/,
    );
  });

  it('says what does not exist', async (context) => {
    const { environment, at } = place(context);
    await using session = await connect(script('kubectl'), environment);
    const answer = await session.call('get_rollout_status', { ...at, deployment: 'nothing' });
    expect(answer.text).toMatch(/^deployments\.apps "nothing" not found in namespace test-mcp-/);
  });

  it('changes nothing for a client that cannot be asked, or says no', async (context) => {
    const { environment, at, apps, name: namespace } = place(context);
    const replicas = async () =>
      (await apps.readNamespacedDeployment({ name: 'checkout', namespace })).spec?.replicas;
    await using mute = await connect(script('kubectl'), environment);
    const scale = { deployment: 'checkout', replicas: 2, ...at };
    expect((await mute.call('scale_deployment', scale)).text).toBe(
      "scale_deployment changes the cluster and needs a person's yes, and this client cannot ask for it (it has no elicitation); nothing was changed.",
    );
    await using unwilling = await connect(script('kubectl'), environment, () => false);
    expect((await unwilling.call('scale_deployment', scale)).text).toBe(
      'scale_deployment was not approved; nothing was changed.',
    );
    expect(await replicas()).toBe(1);
  });

  it('scales and restarts a deployment after a yes to the exact call', async (context) => {
    const { environment, at } = place(context);
    const questions: string[] = [];
    await using session = await connect(script('kubectl'), environment, (question) => {
      questions.push(question);
      return true;
    });
    const deployment = 'checkout';
    const scaled = await session.call('scale_deployment', { deployment, replicas: 2, ...at });
    expect(scaled.structured).toMatchObject({ before: 1, replicas: 2 });
    const restarted = await session.call('restart_deployment', { deployment, ...at });
    expect(restarted).toMatchObject({ isError: false, text: 'deployment "checkout" restarted' });
    const where = `in namespace ${at.namespace} of context ${at.context}`;
    expect(questions).toEqual([
      expect.stringMatching(`^Scale deployment checkout ${where} to 2\\? Now: 1 pod, . ready`),
      expect.stringMatching(`^Restart deployment checkout ${where}\\? Now: 2 pods, . ready`),
    ]);
    const follow = { deployment, wait_seconds: 60, ...at };
    const rolled = await session.call('get_rollout_status', follow);
    expect(rolled.text).toMatch(/successfully rolled out/);
    expect(rolled.structured).toMatchObject({ done: true, failed: false });
    expect(rolled.structured).toMatchObject({ revisions: [{ revision: 1 }, { revision: 2 }] });
    const described = await session.call('describe_deployment', { deployment, ...at });
    expect(described.text).toMatch(/^Replicas: +2 desired \| 2 updated/m);
  });
});

describe('the logs server on a cluster', { timeout: 120_000 }, () => {
  it('finds a service by its deployment, and searches what it wrote', async (context) => {
    const { environment, at } = place(context);
    await using session = await connect(script('logs'), {
      ...environment,
      DOCKER_HOST: 'unix:///nowhere.sock',
    });
    const logs = await waitFor(
      'the log',
      async () => {
        const answer = await session.call('get_service_logs', { service: 'checkout', ...at });
        return answer.text.includes('request 1 handled') ? answer : null;
      },
      { deadlineMs: 60_000 },
    );
    expect(logs.text).toMatch(/^# from Kubernetes, context /);
    expect(logs.structured).toMatchObject({ source: 'kubernetes' });
    const found = await session.call('search_logs', {
      service: 'checkout',
      pattern: 'error: .* timed out',
      source: 'kubernetes',
      ...at,
    });
    const { matches } = found.structured as { matches: { text: string }[] };
    expect(new Set(matches.map(({ text }) => text))).toEqual(new Set(['error: payment timed out']));
  });
});

/** A kubeconfig whose contexts all lead nowhere. */
function kubeconfig(contexts: readonly string[]): string {
  const named = (body: string) => contexts.map((name) => `- {name: ${name}, ${body}}`).join('\n');
  return `apiVersion: v1
kind: Config
clusters:
${named('cluster: {server: "https://127.0.0.1:9"}')}
users: []
contexts:
${contexts.map((name) => `- {name: ${name}, context: {cluster: ${name}, user: none}}`).join('\n')}
current-context: ${contexts[0]}
`;
}
