import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import type { RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { V1Container, V1Deployment, V1Pod } from '@kubernetes/client-node';

import { listening } from './listening';

type Labels = Readonly<Record<string, string>>;

const refreshMs = 500;
/** Requests that each pod answers between two readings; those of a pod that is not ready fail. */
const answered = 10;

/**
 * Tells the workloads of one namespace of the real cluster as kube-state-metrics does, their memory
 * as the kubelet itself does, and requests as their program would.
 */
export async function startExporter(namespace: () => string) {
  const ended = new AbortController();
  const counts = new Map<string, number>();
  const read = reader();
  let lines: readonly string[] = [];
  const reading = (async () => {
    while (!ended.signal.aborted) {
      lines = await read(namespace(), counts).catch(() => []);
      await sleep(refreshMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  const served = await listening(
    createServer((_, response) => response.end(`${lines.join('\n')}\n`)),
  );
  return {
    address: served.address,
    async [Symbol.asyncDispose]() {
      ended.abort();
      await reading;
      await served[Symbol.asyncDispose]();
    },
  };
}

function reader() {
  const config = new KubeConfig();
  config.loadFromDefault();
  const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];
  return async (namespace: string, counts: Map<string, number>): Promise<string[]> => {
    const [deployments, pods, nodes] = await Promise.all([
      apps.listNamespacedDeployment({ namespace }),
      core.listNamespacedPod({ namespace }),
      core.listNode(),
    ]);
    const kubelets = await Promise.all(
      nodes.items.map(({ metadata }) =>
        raw(config, `/api/v1/nodes/${metadata?.name ?? ''}/proxy/metrics/resource`),
      ),
    );
    const memory = kubelets
      .flatMap((each) => each.split('\n'))
      .filter((line) => line.startsWith('container_memory_working_set_bytes'))
      .filter((line) => line.includes(`namespace="${namespace}"`));
    return [
      ...deployments.items.flatMap((each) => deploymentLines(each, namespace)),
      ...pods.items.flatMap((each) => podLines(each, namespace, counts)),
      ...memory,
    ];
  };
}

/** The client's own call writes the path's slashes so that the kubelet does not know them. */
async function raw(config: KubeConfig, path: string): Promise<string> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const request = get(new URL(path, config.getCurrentCluster()?.server), options);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return await text(response);
}

function deploymentLines({ metadata, spec, status }: V1Deployment, namespace: string): string[] {
  const of = { namespace, deployment: metadata?.name ?? '' };
  return [
    line('kube_deployment_spec_replicas', of, spec?.replicas ?? 1),
    line('kube_deployment_status_replicas_updated', of, status?.updatedReplicas ?? 0),
    line('kube_deployment_status_replicas_ready', of, status?.readyReplicas ?? 0),
    line('kube_deployment_metadata_generation', of, metadata?.generation ?? 0),
    line('kube_deployment_status_observed_generation', of, status?.observedGeneration ?? 0),
  ];
}

function podLines(
  { metadata, spec, status }: V1Pod,
  namespace: string,
  counts: Map<string, number>,
): string[] {
  const pod = metadata?.name ?? '';
  const of = { namespace, pod };
  const ready = status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
  const key = `${pod} ${ready ? '200' : '500'}`;
  counts.set(key, (counts.get(key) ?? 0) + answered);
  return [
    line('kube_pod_created', of, (metadata?.creationTimestamp?.getTime() ?? 0) / 1000),
    line('kube_pod_status_phase', { ...of, phase: status?.phase ?? 'Unknown' }, 1),
    line('kube_pod_status_ready', { ...of, condition: String(ready ?? false) }, 1),
    ...(status?.containerStatuses ?? []).map(({ name, restartCount }) =>
      line('kube_pod_container_status_restarts_total', { ...of, container: name }, restartCount),
    ),
    ...(spec?.containers ?? []).flatMap((container) => limitLines(container, of)),
    ...['200', '500'].map((code) =>
      line('http_requests_total', { ...of, code }, counts.get(`${pod} ${code}`) ?? 0),
    ),
  ];
}

function limitLines({ name, resources }: V1Container, of: Labels): string[] {
  const mebibytes = /^(\d+)Mi$/.exec(resources?.limits?.['memory'] ?? '')?.[1];
  if (mebibytes === undefined) return [];
  const labels = { ...of, container: name, resource: 'memory', unit: 'byte' };
  return [line('kube_pod_container_resource_limits', labels, Number(mebibytes) * 2 ** 20)];
}

function line(name: string, labels: Labels, value: number): string {
  const parts = Object.entries(labels).map(([label, held]) => `${label}="${held}"`);
  return `${name}{${parts.join(',')}} ${value}`;
}
