import { setTimeout as wait } from 'node:timers/promises';

import type { V1Deployment } from '@kubernetes/client-node';

import type { Cluster } from './cluster';
import { readDeployment, rolloutState } from './deployments';
import { watchObject } from './watch';

/** Between two connections, so that a server that cuts each at once is not asked without end. */
const pauseMs = 500;

/**
 * Follows the rollout of a deployment until it is done, has failed or the time is up, whatever
 * happens to the connections meanwhile.
 * @returns the deployment as it was last seen
 */
export async function followRollout(
  cluster: Cluster,
  name: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<V1Deployment> {
  const end = performance.now() + waitMs;
  let latest = await readDeployment(cluster, name);
  let version = latest.metadata?.resourceVersion ?? '0';
  while (!isSettled(latest) && performance.now() < end) {
    const late = AbortSignal.timeout(Math.max(0, Math.ceil(end - performance.now())));
    const stop = AbortSignal.any([signal, late]);
    const path = `/apis/apps/v1/namespaces/${cluster.place.namespace}/deployments`;
    const change = (object: unknown) => isSettled((latest = object as V1Deployment));
    try {
      const ended = await watchObject(
        cluster,
        path,
        { name, resourceVersion: version },
        change,
        stop,
      );
      if (ended.kind === 'seen') break;
      await wait(pauseMs, undefined, { signal: stop });
      if (ended.kind === 'gone') {
        latest = await readDeployment(cluster, name);
        version = latest.metadata?.resourceVersion ?? '0';
      } else {
        version = ended.resourceVersion;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!late.aborted) throw error;
    }
  }
  // A watch that was cut for good may have told of nothing: what is answered is of now.
  return isSettled(latest) ? latest : await readDeployment(cluster, name);
}

/** True once waiting longer changes nothing. */
function isSettled(deployment: V1Deployment): boolean {
  const { done, failed } = rolloutState(deployment);
  return done || failed;
}
