import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';

import { AutoscalingV2Api, KubeConfig } from '@kubernetes/client-node';

import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { buildServers } from './bundles';
import { makeNamespace, missingCluster, pod } from './cluster';
import type { TestNamespace } from './cluster';
import { PooledKubectl } from './pooledKubectl';
import { need } from './prerequisite';

let folder: TemporaryFolder;
let missing: string | null;
let space: TestNamespace | null = null;

const plain = 'checkout';
const scaled = 'scaled';
const fromGit = 'from-git';
const recreated = 'recreated';

const script = () => join(folder.path, 'kubectl.js');

beforeAll(async () => {
  folder = await temporaryFolder('actions');
  await buildServers(folder.path);
  missing = await missingCluster();
  if (missing !== null) return;
  space = await makeNamespace();
  const { apps, name: namespace } = space;
  const made = [
    { name: plain },
    { name: scaled },
    { name: fromGit, labels: { 'argocd.argoproj.io/instance': 'shop' } },
    { name: recreated, strategy: { type: 'Recreate' } },
  ];
  for (const { name, labels, strategy } of made) {
    const body = {
      metadata: { name, labels },
      spec: {
        replicas: 1,
        strategy,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: pod('echo "hung since 10:00"; sleep 3600'),
        },
      },
    };
    await apps.createNamespacedDeployment({ namespace, body });
  }
  const config = new KubeConfig();
  config.loadFromDefault();
  await config.makeApiClient(AutoscalingV2Api).createNamespacedHorizontalPodAutoscaler({
    namespace,
    body: {
      metadata: { name: 'scaler' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: scaled },
        minReplicas: 1,
        maxReplicas: 4,
      },
    },
  });
}, 60_000);

afterAll(async () => {
  await space?.[Symbol.asyncDispose]();
  await folder.remove();
});

function place(context: TestContext) {
  need(context, missing);
  if (!space) throw new Error('the namespace was not made');
  return { ...space, at: { context: space.context, namespace: space.name } };
}

describe('a change of the cluster through our own client', { timeout: 60_000 }, () => {
  it('is made for the exact call that was approved, and for no other', async (context) => {
    const { at, apps, environment, name: namespace } = place(context);
    await using kubectl = await PooledKubectl.start(script(), environment);
    const read = async () => await apps.readNamespacedDeployment({ name: plain, namespace });
    const call = { deployment: plain, ...at };
    const unasked = await kubectl.call('restart_deployment', call, false);
    expect(unasked).toMatchObject({
      isError: true,
      text: 'restart_deployment was not approved; nothing was changed.',
    });
    expect((await read()).metadata?.generation).toBe(1);
    const done = await kubectl.call('restart_deployment', call, true);
    expect(done.text).toBe('deployment "checkout" restarted');
    expect((await read()).metadata?.generation).toBe(2);
    // The approval was for that call alone.
    const again = await kubectl.call('restart_deployment', call, false);
    expect(again.isError).toBe(true);
    expect((await read()).metadata?.generation).toBe(2);
  });

  it('is tried beforehand without a trace', async (context) => {
    const { at, apps, environment, name: namespace } = place(context);
    await using kubectl = await PooledKubectl.start(script(), environment);
    const given = { tool: 'restart_deployment', deployment: recreated, ...at };
    const { structured } = await kubectl.call('preview_change', given, false);
    expect(structured).toMatchObject({
      call: `restart_deployment {"context":"${at.context}","deployment":"${recreated}","namespace":"${at.namespace}"}`,
      refusal: null,
      warnings: [expect.stringContaining('The strategy is Recreate: every pod is stopped')],
    });
    const after = await apps.readNamespacedDeployment({ name: recreated, namespace });
    expect(after.metadata?.generation).toBe(1);
  });

  it('is refused where an autoscaler or GitOps would scale back', async (context) => {
    const { at, environment } = place(context);
    await using kubectl = await PooledKubectl.start(script(), environment);
    const why = async (deployment: string) => {
      const answer = await kubectl.call(
        'scale_deployment',
        { deployment, replicas: 3, ...at },
        true,
      );
      expect(answer.isError).toBe(true);
      return answer.text;
    };
    expect(await why(scaled)).toContain(
      'The HorizontalPodAutoscaler scaler sets the replicas (1 to 4) and would undo it',
    );
    expect(await why(fromGit)).toContain('Argo CD applies this deployment from git');
  });

  it('is refused in a protected namespace, also in one that the setting names', async (context) => {
    const { at, environment } = place(context);
    await using usual = await PooledKubectl.start(script(), environment);
    const system = { deployment: 'coredns', namespace: 'kube-system' };
    const refused = await usual.call('restart_deployment', system, true);
    expect(refused).toMatchObject({ isError: true });
    await using named = await PooledKubectl.start(script(), {
      ...environment,
      WAR_ROOM_PROTECTED_NAMESPACES: `prod,${at.namespace}`,
    });
    const other = await named.call('restart_deployment', { deployment: plain, ...at }, true);
    expect(other.text).toBe(
      `restart_deployment is refused: Namespace ${at.namespace} is protected (setting warRoom.protectedNamespaces), so nothing is changed in it. Nothing was changed.`,
    );
  });
});
