import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import { z } from 'zod';

import type { Workload } from './workload';

/** What the template gives its pods as a whole. */
export const podTemplate = z.object({
  serviceAccount: z.string(),
  nodeSelector: z.record(z.string(), z.string()),
  terminationGracePeriodSeconds: z.number(),
  /** The security context's plain values, as text. */
  security: z.record(z.string(), z.string()),
  references: z
    .array(z.string())
    .describe('Names of the ConfigMaps, Secrets and claims that its pods need'),
});

export function podTemplateOf({ object }: Workload): z.infer<typeof podTemplate> {
  const spec = object.spec?.template.spec;
  return {
    serviceAccount: spec?.serviceAccountName ?? 'default',
    nodeSelector: spec?.nodeSelector ?? {},
    terminationGracePeriodSeconds: spec?.terminationGracePeriodSeconds ?? 30,
    security: plainValues(spec?.securityContext),
    references: spec ? [...new Set(referencesOf(spec))].sort() : [],
  };
}

/** Values of an object that are no objects themselves, as text. */
export function plainValues(object: object | undefined): Record<string, string> {
  const plain = Object.entries(object ?? {}).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[key, String(value)] as const]
      : [],
  );
  return Object.fromEntries(plain);
}

function referencesOf({
  volumes = [],
  containers,
  initContainers = [],
  imagePullSecrets = [],
}: V1PodSpec): string[] {
  const mounted = volumes.flatMap(({ configMap, secret, persistentVolumeClaim, projected }) => [
    configMap?.name,
    secret?.secretName,
    persistentVolumeClaim?.claimName,
    ...(projected?.sources ?? []).flatMap((each) => [each.configMap?.name, each.secret?.name]),
  ]);
  const read = [...containers, ...initContainers].flatMap(readBy);
  const named = [...mounted, ...read, ...imagePullSecrets.map(({ name }) => name)];
  return named.filter((name) => name !== undefined);
}

function readBy({ env = [], envFrom = [] }: V1Container): (string | undefined)[] {
  return [
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [configMapRef?.name, secretRef?.name]),
    ...env.flatMap(({ valueFrom }) => [
      valueFrom?.configMapKeyRef?.name,
      valueFrom?.secretKeyRef?.name,
    ]),
  ];
}
