import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import type { KubeConfig } from '@kubernetes/client-node';

import { messageOf } from '../../base/errors';
import { ToolError } from '../shared/tool';

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Where a call goes, and how that was decided. */
export interface Place {
  context: string;
  namespace: string;
  /** What was not given but taken from the kubeconfig, in words; null when all was given. */
  assumed: string | null;
}

/** What the caller said of the place. */
export interface GivenPlace {
  context?: string | undefined;
  namespace?: string | undefined;
}

/**
 * Loads the kubeconfig into `config`: the files in KUBECONFIG, else `~/.kube/config`, else the
 * service account of the pod that we run in.
 * @throws ToolError when there is none, or it cannot be read
 */
export function loadKubeconfig(
  empty: () => KubeConfig,
  environment: NodeJS.ProcessEnv = process.env,
): KubeConfig {
  const config = empty();
  const named = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  const files = (named.length > 0 ? named : [join(homedir(), '.kube', 'config')]).filter((file) =>
    existsSync(file),
  );
  if (named.length > 0 && files.length === 0) {
    throw new ToolError(`The kubeconfig ${named.join(', ')} that KUBECONFIG names does not exist.`);
  }
  try {
    for (const [position, file] of files.entries()) {
      if (position === 0) {
        config.loadFromFile(file);
      } else {
        const further = empty();
        further.loadFromFile(file);
        config.mergeConfig(further, true);
      }
    }
  } catch (error) {
    throw new ToolError(`The kubeconfig ${files.join(', ')} cannot be read: ${messageOf(error)}.`);
  }
  if (files.length === 0) {
    if (!existsSync(serviceAccountToken)) {
      throw new ToolError(
        'There is no kubeconfig: set KUBECONFIG to one, or put it at ~/.kube/config.',
      );
    }
    config.loadFromCluster();
  }
  return config;
}

/**
 * Makes `config` use the context that was given. The kubeconfig's current context is never taken
 * silently: if none is given there must be only one, and the answer says which it is.
 * @throws ToolError when the context is unknown, or several could be meant
 */
export function choosePlace(
  config: KubeConfig,
  given: GivenPlace,
  environment: NodeJS.ProcessEnv = process.env,
): Place {
  const contexts = config.getContexts();
  const names = contexts.map(({ name }) => name).join(', ');
  const wanted = given.context ?? (environment['WAR_ROOM_KUBE_CONTEXT'] || undefined);
  const context =
    wanted === undefined
      ? contexts.length === 1
        ? contexts[0]
        : undefined
      : contexts.find(({ name }) => name === wanted);
  if (!context) {
    throw new ToolError(
      wanted === undefined
        ? contexts.length === 0
          ? 'The kubeconfig has no context.'
          : `The kubeconfig has several contexts (${names}): say with "context" which one is meant, or set WAR_ROOM_KUBE_CONTEXT.`
        : `The kubeconfig has no context ${wanted}; it has ${names || 'none'}.`,
    );
  }
  config.setCurrentContext(context.name);
  const namespace = given.namespace ?? (environment['WAR_ROOM_KUBE_NAMESPACE'] || undefined);
  const assumed = [
    ...(wanted === undefined ? [`context ${context.name} (the only one of the kubeconfig)`] : []),
    ...(namespace === undefined
      ? [
          `namespace ${context.namespace ?? 'default'} (${context.namespace ? 'of the context' : 'none was given'})`,
        ]
      : []),
  ];
  return {
    context: context.name,
    namespace: namespace ?? context.namespace ?? 'default',
    assumed: assumed.length > 0 ? assumed.join(', ') : null,
  };
}
