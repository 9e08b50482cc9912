import {
  AppsV1Api,
  AutoscalingV2Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  DiscoveryV1Api,
  KubeConfig,
  NetworkingV1Api,
  PatchStrategy,
  ServerConfiguration,
  createConfiguration,
  setHeaderOptions,
} from '@kubernetes/client-node';
import type { ConfigurationOptions } from '@kubernetes/client-node';

import { logIn } from './execLogin';
import { clusterFailure } from './failure';
import { choosePlace, loadKubeconfig } from './kubeconfig';
import type { GivenPlace, Place } from './kubeconfig';

/** Longest that one request to the API server may take. */
export const requestDeadlineMs = 10_000;

/** A cluster that can be asked. */
export interface Cluster {
  place: Place;
  core: CoreV1Api;
  apps: AppsV1Api;
  autoscaling: AutoscalingV2Api;
  batch: BatchV1Api;
  networking: NetworkingV1Api;
  discovery: DiscoveryV1Api;
  custom: CustomObjectsApi;
  /** What a strategic merge patch needs as its second argument. */
  patchOptions: ConfigurationOptions;
  /** For a watch, which is no call of the clients above; signed in. */
  config: KubeConfig;
}

/**
 * Runs `work` against the cluster that is meant. Each request has a deadline and ends with `signal`,
 * and so has the program that the kubeconfig may name for signing in.
 * @throws ToolError with one sentence, whatever went wrong
 */
export async function withCluster<T>(
  given: GivenPlace,
  signal: AbortSignal,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const config = loadKubeconfig(() => new KubeConfig());
  const place = choosePlace(config, given);
  try {
    await logIn(config, place.context, signal);
    const api = apiOptions(config, signal);
    return await work({
      place,
      core: new CoreV1Api(api),
      apps: new AppsV1Api(api),
      autoscaling: new AutoscalingV2Api(api),
      batch: new BatchV1Api(api),
      networking: new NetworkingV1Api(api),
      discovery: new DiscoveryV1Api(api),
      custom: new CustomObjectsApi(api),
      patchOptions: setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
      config,
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
