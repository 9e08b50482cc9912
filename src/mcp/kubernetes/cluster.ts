import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  ServerConfiguration,
  createConfiguration,
  setHeaderOptions,
} from '@kubernetes/client-node';
import type { ConfigurationOptions } from '@kubernetes/client-node';

import { clusterFailure } from './failure';
import { choosePlace, loadKubeconfig } from './kubeconfig';
import type { GivenPlace, Place } from './kubeconfig';

/** Longest that one request to the API server may take. */
const requestDeadlineMs = 10_000;

/** A cluster that can be asked. */
export interface Cluster {
  place: Place;
  core: CoreV1Api;
  apps: AppsV1Api;
  /** What a strategic merge patch needs as its second argument. */
  patchOptions: ConfigurationOptions;
}

/**
 * Runs `work` against the cluster that is meant. Each request has a deadline and ends with `signal`.
 * @throws ToolError with one sentence, whatever went wrong
 */
export async function withCluster<T>(
  given: GivenPlace,
  signal: AbortSignal,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const config = loadKubeconfig(() => new KubeConfig());
  const place = choosePlace(config, given);
  const api = apiOptions(config, signal);
  try {
    return await work({
      place,
      core: new CoreV1Api(api),
      apps: new AppsV1Api(api),
      patchOptions: setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    });
  } catch (error) {
    throw clusterFailure(error, place, config.getCurrentCluster()?.server ?? 'unknown');
  }
}

function apiOptions(config: KubeConfig, signal: AbortSignal) {
  return createConfiguration({
    baseServer: new ServerConfiguration(config.getCurrentCluster()?.server ?? '', {}),
    authMethods: { default: config },
    promiseMiddleware: [
      {
        pre: (request) => {
          request.setSignal(AbortSignal.any([signal, AbortSignal.timeout(requestDeadlineMs)]));
          return Promise.resolve(request);
        },
        post: (response) => Promise.resolve(response),
      },
    ],
  });
}
