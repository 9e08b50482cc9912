import { clusterNamedBy, fits, literally } from '../../shared/labels';
import type { Labels, Matcher } from '../../shared/labels';
import { ToolError } from '../../shared/tool';
import type { Prometheus } from '../endpoints';
import { series } from './api';
import {
  httpStatus,
  kinds,
  memoryName,
  podLabels,
  podNames,
  requestNames,
  statusLabels,
  workloadKinds,
} from './names';
import type { PodLabels, WorkloadKind } from './names';
import { selector } from './selector';

/** What is asked about. */
export interface Wanted {
  namespace: string;
  name?: string | undefined;
  kind?: WorkloadKind | undefined;
  /** A pod of it. */
  pod?: string | undefined;
  /** The cluster, or a context that names it. */
  cluster?: string | undefined;
}

/** The workload, and how its series are labelled. */
export interface FoundWorkload {
  kind: WorkloadKind;
  name: string;
  /** Finds what kube-state-metrics tells of it; null where only its name is known. */
  state: readonly Matcher[] | null;
  /** Fits the cluster where there are several. */
  cluster: readonly Matcher[];
}

/** How the series of its pods are labelled; null for what no series is there of. */
export interface FoundSeries {
  pods: PodLabels | null;
  memory: PodLabels | null;
  requests: { labels: PodLabels; name: string; status: string } | null;
}

/** A series counts where it had a sample within this. */
const lookBackMs = 60 * 60_000;

/**
 * Finds the workload by the series of kube-state-metrics.
 * @throws ToolError where several could be meant
 */
export async function findWorkload(
  at: Prometheus,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<{ found: FoundWorkload | null; warnings: readonly string[] }> {
  const candidates = candidatesOf(wanted);
  const asked = candidates.map((each) => selector([kinds[each.kind].desired], each.state));
  const since = Date.now() - lookBackMs;
  const { found, warnings } = await series(at, asked, since, signal);
  const known = candidates.filter(({ state }) => found.some((labels) => fits(labels, state)));
  const [first] = known;
  if (!first) return { found: byNameAlone(wanted), warnings };
  const others = known.filter(({ kind, name }) => kind !== first.kind && name === first.name);
  if (others.length > 0) {
    throw new ToolError(
      `Prometheus knows ${[first, ...others].map(({ kind, name }) => `${kind}/${name}`).join(' and ')} in ${wanted.namespace}: say which kind is meant.`,
    );
  }
  const own = found.filter((labels) => fits(labels, first.state));
  const cluster = clusterOf(own, first.name, wanted);
  return { found: { ...first, state: [...first.state, ...cluster], cluster }, warnings };
}

/**
 * Asks which series there are of its pods.
 * @returns also the workload, of one cluster now
 * @throws ToolError where they are of several clusters, or of another than is meant
 */
export async function findSeries(
  at: Prometheus,
  wanted: Wanted,
  workload: FoundWorkload,
  signal: AbortSignal,
): Promise<{ found: FoundSeries; workload: FoundWorkload; warnings: readonly string[] }> {
  const { namespace } = wanted;
  const names = [...Object.values(podNames), memoryName, ...requestNames];
  const asked = podLabels.map((labels) =>
    selector(names, podMatchers(namespace, workload, labels)),
  );
  const { found, warnings } = await series(at, asked, Date.now() - lookBackMs, signal);
  const cluster = [...workload.cluster, ...clusterOf(found, workload.name, wanted)];
  const own = { ...workload, cluster };
  const labelsOf = (name: string) =>
    podLabels.find((labels) =>
      found.some(
        (each) => each['__name__'] === name && fits(each, podMatchers(namespace, own, labels)),
      ),
    ) ?? null;
  return {
    found: {
      pods: labelsOf(podNames.ready) ?? labelsOf(podNames.restarts),
      memory: labelsOf(memoryName),
      requests: requestsOf(
        found.filter((each) => fits(each, cluster)),
        labelsOf,
      ),
    },
    workload: own,
    warnings,
  };
}

/** What the series of its pods have. */
export function podMatchers(
  namespace: string,
  { kind, name, cluster }: FoundWorkload,
  labels: PodLabels,
): readonly Matcher[] {
  return [
    [labels.namespace, '=', namespace],
    [labels.pod, '=~', `${literally(name)}${kinds[kind].podSuffix}`],
    // Beside it `pod` is the exporter's own.
    ...(labels.pod === 'pod' ? [['exported_pod', '=', ''] as const] : []),
    ...cluster,
  ];
}

/** Beside `exported_namespace`, `namespace` is where the exporter itself runs. */
const namespaceLabels: readonly ((namespace: string) => readonly Matcher[])[] = [
  (namespace) => [['exported_namespace', '=', namespace]],
  (namespace) => [
    ['namespace', '=', namespace],
    ['exported_namespace', '=', ''],
  ],
];

interface Candidate {
  kind: WorkloadKind;
  name: string;
  state: readonly Matcher[];
}

/** What could be meant, the surest first: what the pod's name says, then the given name. */
function candidatesOf({ namespace, name, kind, pod }: Wanted): readonly Candidate[] {
  const possible = kind ? [kind] : workloadKinds;
  const named = [
    ...(pod ? possible.flatMap((each) => ownerOf(pod, each)) : []),
    ...(name ? possible.map((each) => ({ kind: each, name })) : []),
  ];
  return named.flatMap((each) =>
    namespaceLabels.map((matchers) => ({
      ...each,
      state: [...matchers(namespace), [kinds[each.kind].label, '=', each.name] as const],
    })),
  );
}

function ownerOf(pod: string, kind: WorkloadKind): { kind: WorkloadKind; name: string }[] {
  const suffix = new RegExp(`${kinds[kind].podSuffix}$`).exec(pod);
  return suffix && suffix.index > 0 ? [{ kind, name: pod.slice(0, suffix.index) }] : [];
}

/** Without kube-state-metrics there may still be series of its pods. */
function byNameAlone({ name, kind }: Wanted): FoundWorkload | null {
  return name && kind ? { kind, name, state: null, cluster: [] } : null;
}

/**
 * Two clusters may have a workload of one name; they must never be added up, nor one be taken for
 * the other.
 */
function clusterOf(
  found: readonly Labels[],
  name: string,
  { namespace, cluster }: Wanted,
): readonly Matcher[] {
  const clusters = [...new Set(found.map((labels) => labels['cluster'] ?? ''))];
  const known = clusters.filter((each) => each !== '');
  if (known.length === 0) return [];
  const named = cluster === undefined ? undefined : clusterNamedBy(cluster, known);
  if (named !== undefined) return clusters.length > 1 ? [['cluster', '=', named]] : [];
  if (clusters.length === 1 && cluster === undefined) return [];
  const whose = clusters.length > 1 ? 'several clusters' : 'another cluster';
  const why = cluster === undefined ? 'which is meant is not known' : `${cluster} names none`;
  const all = clusters.map((each) => each || 'one without a name').join(', ');
  throw new ToolError(
    `Prometheus knows ${name} in ${namespace} of ${whose} (${all}), and ${why}; nothing was measured.`,
  );
}

function requestsOf(
  found: readonly Labels[],
  labelsOf: (name: string) => PodLabels | null,
): FoundSeries['requests'] {
  for (const name of requestNames) {
    const labels = labelsOf(name);
    const of = found.filter((each) => each['__name__'] === name);
    const status = statusLabels.find((label) =>
      of.some((each) => httpStatus.test(each[label] ?? '')),
    );
    if (labels && status) return { labels, name, status };
  }
  return null;
}
