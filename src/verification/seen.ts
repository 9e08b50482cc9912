import { z } from 'zod';

const probe = z
  .object({
    path: z.string().nullable(),
    port: z.string().nullable(),
    initialDelaySeconds: z.number(),
    periodSeconds: z.number(),
    timeoutSeconds: z.number(),
    failureThreshold: z.number(),
  })
  .nullable();

const container = z.object({
  name: z.string(),
  /** It runs before the others, and is gone then. */
  init: z.boolean().optional(),
  image: z.string(),
  limits: z.record(z.string(), z.string()),
  requests: z.record(z.string(), z.string()),
  env: z.record(z.string(), z.string()),
  command: z.array(z.string()),
  args: z.array(z.string()),
  security: z.record(z.string(), z.string()),
  probes: z.object({ liveness: probe, readiness: probe, startup: probe }),
});

const pod = z.object({
  name: z.string(),
  newest: z.boolean(),
  ready: z.boolean(),
  status: z.string(),
  restarts: z.number(),
  lastEnd: z
    .object({
      reason: z.string(),
      startedAt: z.string().nullable(),
      finishedAt: z.string().nullable(),
    })
    .nullable(),
  memoryBytes: z.number().nullable(),
});

/** What is read of `get_workload`'s answer (docs/mcp-servers.md); it comes from another process. */
export const seenWorkload = z.object({
  workload: z.object({
    kind: z.string(),
    name: z.string(),
    namespace: z.string(),
    generation: z.number(),
    observedGeneration: z.number(),
    desired: z.number(),
    updated: z.number(),
    ready: z.number(),
  }),
  template: z.object({
    serviceAccount: z.string(),
    nodeSelector: z.record(z.string(), z.string()),
    terminationGracePeriodSeconds: z.number(),
    security: z.record(z.string(), z.string()),
    references: z.array(z.string()),
  }),
  containers: z.array(container),
  pods: z.array(pod),
  warnings: z.array(
    z.object({
      reason: z.string(),
      object: z.string(),
      message: z.string(),
      lastSeen: z.string().nullable(),
    }),
  ),
  services: z.array(
    z.object({
      name: z.string(),
      selector: z.record(z.string(), z.string()),
      ports: z.array(z.object({ port: z.string(), targetPort: z.string() })),
    }),
  ),
  gitops: z
    .object({
      kind: z.string(),
      name: z.string(),
      synced: z.boolean(),
      status: z.string(),
      message: z.string().nullable(),
    })
    .nullable(),
});

export type SeenWorkload = z.infer<typeof seenWorkload>;
export type ContainerTemplate = SeenWorkload['containers'][number];

/** What is read of `get_workload_metrics`; null for what no series tells. */
export const seenMetrics = z.object({
  workload: z.object({ kind: z.string(), name: z.string(), namespace: z.string() }),
  desired: z.number().nullable(),
  updated: z.number().nullable(),
  observed: z.boolean().nullable(),
  pods: z.array(
    z.object({
      name: z.string(),
      newest: z.boolean(),
      ready: z.boolean().nullable(),
      status: z.string().nullable(),
      restarts: z.number().nullable(),
      lastEnd: z.object({ reason: z.string(), finishedAt: z.string().nullable() }).nullable(),
      memoryBytes: z.number().nullable(),
      memoryLimitBytes: z.number().nullable(),
      requestsPerSecond: z.number().nullable(),
      failedPerSecond: z.number().nullable(),
    }),
  ),
  measured: z.array(z.string()),
  missing: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type SeenMetrics = z.infer<typeof seenMetrics>;

/** What is read of `check_health` and `get_traffic_metrics`. */
export const seenHealth = z.object({ healthy: z.boolean() });
export const seenTraffic = z.object({
  requestsPerSecond: z.number().nullable(),
  successRate: z.number().nullable(),
});
export type SeenTraffic = z.infer<typeof seenTraffic>;

/** Of a service, by the two together. */
export interface SeenStatistics {
  online: boolean | null;
  /** Share of the load balancer's requests that fail, 0 to 1. */
  errorRate: number | null;
}
