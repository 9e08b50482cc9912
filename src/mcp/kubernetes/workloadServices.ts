import type { V1Service } from '@kubernetes/client-node';
import { z } from 'zod';

import type { Cluster } from './cluster';
import { answeredStatus } from './failure';
import type { Workload } from './workload';

/** How a workload is reached. */
export const workloadService = z.object({
  name: z.string(),
  selector: z.record(z.string(), z.string()),
  ports: z.array(z.object({ port: z.string(), targetPort: z.string() })),
});

/** More than a namespace has services for one application. */
const mostRead = 500;

/**
 * The services of a workload: those that select its pods, and those that are named like it or
 * installed with it, since a wrong selector selects nothing. None where the cluster does not tell.
 */
export async function servicesOf(
  cluster: Cluster,
  workload: Workload,
): Promise<z.infer<typeof workloadService>[]> {
  const { namespace } = cluster.place;
  try {
    const { items } = await cluster.core.listNamespacedService({ namespace, limit: mostRead });
    return items.filter((service) => belongs(service, workload)).map(summarise);
  } catch (error) {
    if (answeredStatus(error) !== undefined) return [];
    throw error;
  }
}

function belongs(service: V1Service, { object }: Workload): boolean {
  const { metadata, spec } = object;
  const selector = Object.entries(service.spec?.selector ?? {});
  const labels = spec?.template.metadata?.labels ?? {};
  if (selector.length > 0 && selector.every(([key, value]) => labels[key] === value)) return true;
  if (service.metadata?.name === metadata?.name) return true;
  const release = releaseOf(metadata);
  return release !== undefined && releaseOf(service.metadata) === release;
}

/** The names by which Helm and its charts say what was installed together with which part of it. */
function releaseOf(metadata: V1Service['metadata']): string | undefined {
  const release = metadata?.labels?.['app.kubernetes.io/instance'];
  const part = metadata?.labels?.['app.kubernetes.io/name'];
  return release && part ? `${release}/${part}` : undefined;
}

function summarise({ metadata, spec }: V1Service): z.infer<typeof workloadService> {
  return {
    name: metadata?.name ?? '',
    selector: spec?.selector ?? {},
    ports: (spec?.ports ?? []).map(({ port, targetPort }) => ({
      port: String(port),
      targetPort: String(targetPort ?? port),
    })),
  };
}
