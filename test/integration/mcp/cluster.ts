import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';

import { messageOf } from '../../../src/base/errors';

/** A namespace of its own on the cluster that KUBECONFIG names. */
export interface TestNamespace extends AsyncDisposable {
  name: string;
  context: string;
  core: CoreV1Api;
  apps: AppsV1Api;
  /** Environment for a server with all rights. */
  environment: Record<string, string>;
  /** Environment for a server whose account may do nothing. */
  powerless(folder: string): Promise<Record<string, string>>;
}

/** Why no cluster can be used, or null. */
export async function missingCluster(): Promise<string | null> {
  if (!process.env['KUBECONFIG']) return 'no cluster: KUBECONFIG is not set';
  try {
    const { core } = clients();
    await core.listNamespace({ limit: 1 });
    return null;
  } catch (error) {
    return `no cluster: ${messageOf(error)}`;
  }
}

/** Makes a namespace; its pods run `test/busybox:1`, which the test cluster has. */
export async function makeNamespace(): Promise<TestNamespace> {
  const { config, core, apps } = clients();
  const name = `test-mcp-${process.pid}-${Date.now() % 100_000}`;
  await core.createNamespace({ body: { metadata: { name } } });
  const environment = { KUBECONFIG: process.env['KUBECONFIG'] ?? '' };
  return {
    name,
    context: config.getCurrentContext(),
    core,
    apps,
    environment,
    async powerless(folder) {
      const body = { metadata: { name: 'powerless' } };
      await core.createNamespacedServiceAccount({ namespace: name, body });
      const { status } = await core.createNamespacedServiceAccountToken({
        name: 'powerless',
        namespace: name,
        body: { spec: { audiences: [], expirationSeconds: 600 } },
      });
      const weak = new KubeConfig();
      weak.loadFromClusterAndUser(currentCluster(config), {
        name: 'powerless',
        token: status?.token ?? '',
      });
      const file = join(folder, 'powerless.json');
      await writeFile(file, weak.exportConfig());
      return { KUBECONFIG: file };
    },
    async [Symbol.asyncDispose]() {
      await core.deleteNamespace({ name, gracePeriodSeconds: 0 });
    },
  };
}

/** A pod that runs a shell script. */
export function pod(script: string) {
  return {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'main',
        image: 'test/busybox:1',
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', script],
        resources: { limits: { memory: '32Mi' } },
      },
    ],
  };
}

function currentCluster(config: KubeConfig) {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error('the kubeconfig names no cluster');
  return cluster;
}

function clients() {
  const config = new KubeConfig();
  config.loadFromDefault();
  return { config, core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api) };
}
