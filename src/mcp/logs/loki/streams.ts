import { clusterNamedBy, generated, isNamedBy, literally } from '../../shared/labels';
import type { Labels, Matcher } from '../../shared/labels';

/**
 * What the field's collectors call it: Promtail and Alloy, OpenTelemetry, Fluent Bit, OpenShift,
 * Docker's driver. The first that a stream has counts.
 */
const labelsOf = {
  cluster: ['cluster', 'k8s_cluster_name'],
  namespace: [
    'namespace',
    'k8s_namespace_name',
    'namespace_name',
    'kubernetes_namespace_name',
    'kubernetes_namespace',
  ],
  pod: ['pod', 'k8s_pod_name', 'pod_name', 'kubernetes_pod_name'],
  container: ['container', 'k8s_container_name', 'container_name', 'kubernetes_container_name'],
  service: [
    'app',
    'app_kubernetes_io_name',
    'service_name',
    'service',
    'deployment',
    'k8s_deployment_name',
    'k8s_statefulset_name',
    'k8s_daemonset_name',
    'compose_service',
    'swarm_service',
    'job',
    'unit',
  ],
} as const;

type Role = keyof typeof labelsOf;

/** What tells one container's lines from another's. */
const identity = ['cluster', 'namespace', 'pod', 'container'] as const;

/** Whose lines are meant. */
export interface Wanted {
  service: string;
  namespace?: string | undefined;
}

/** What follows a workload's name in its pods': of a deployment, a daemon set, a set or job, or nothing. */
const podSuffix = `(-${generated}{6,10}-${generated}{5}|-${generated}{5}|-[0-9]+(-${generated}{5})?)?`;

/**
 * What may find a service, best first: its own label, pods that are named after it or are called
 * so, containers of that name.
 * @param known names of labels that Loki has
 */
export function selectorsFor(
  { service, namespace }: Wanted,
  known: readonly string[],
): readonly (readonly Matcher[])[] {
  const has = (role: Role) => labelsOf[role].filter((label) => known.includes(label));
  const byName: Matcher[] = [
    ...has('service').map((label): Matcher => [label, '=', service]),
    ...has('pod').map((label): Matcher => [label, '=~', `${literally(service)}${podSuffix}`]),
    ...has('container').map((label): Matcher => [label, '=', service]),
  ];
  const within = has('namespace');
  if (namespace === undefined || within.length === 0) return byName.map((matcher) => [matcher]);
  return byName.flatMap((matcher) =>
    within.map((label): readonly Matcher[] => [matcher, [label, '=', namespace]]),
  );
}

/** True where Loki tells namespaces apart. */
export function knowsNamespaces(known: readonly string[]): boolean {
  return labelsOf.namespace.some((label) => known.includes(label));
}

/** A query of LogQL; what is no label of the index is looked for behind the selector. */
export function queryOf(matchers: readonly Matcher[], known: readonly string[]): string {
  const isIndexed = ([label]: Matcher) => known.includes(label);
  const filters = matchers.filter((matcher) => !isIndexed(matcher)).map(matcherText);
  return [selectorText(matchers.filter(isIndexed)), ...filters].join(' | ');
}

/** `{app="shop"}` */
export function selectorText(matchers: readonly Matcher[]): string {
  return `{${matchers.map(matcherText).join(', ')}}`;
}

/** What makes the lines of one container: as many of the labels as the stream has. */
export function containerOf(labels: Labels): readonly Matcher[] {
  return identity.flatMap((role): Matcher[] => {
    const label = labelsOf[role].find((name) => labels[name]);
    return label === undefined ? [] : [[label, '=', labels[label] ?? '']];
  });
}

/** Behind a selector: the lines of none of these containers, as far as labels tell them. */
export function withoutContainers(containers: readonly (readonly Matcher[])[]): string {
  return containers
    .filter((matchers) => matchers.length > 0)
    .map((matchers) => matchers.map(([label, , value]): Matcher => [label, '!=', value]))
    .map((matchers) => ` | ${matchers.map(matcherText).join(' or ')}`)
    .join('');
}

/** Behind a selector: the lines of none of these pods, whatever they are labelled by. */
export function withoutPods(pods: readonly string[]): string {
  if (pods.length === 0) return '';
  const those = quoted(pods.map(literally).join('|'));
  return labelsOf.pod.map((label) => ` | ${label}!~${those}`).join('');
}

/**
 * What to call containers: `pod/container`, and before it whatever of their place differs, or is not
 * what the context names.
 */
export function namesOf(containers: readonly Labels[], context?: string): string[] {
  const isOther = containers.some((labels) => otherClusterOf(labels, context));
  const differing = (['cluster', 'namespace'] as const).filter(
    (role) =>
      (role === 'cluster' && isOther) ||
      new Set(containers.map((labels) => valueOf(labels, role))).size > 1,
  );
  return containers.map((labels) => {
    const parts = [...differing, 'pod', 'container'] as const;
    const name = parts.flatMap((role) => valueOf(labels, role) ?? []).join('/');
    return name === '' ? (valueOf(labels, 'service') ?? 'unnamed') : name;
  });
}

function valueOf(labels: Labels, role: Role): string | undefined {
  return labelsOf[role].map((label) => labels[label]).find(Boolean);
}

/** Loki's label for the cluster, where the streams are of several and one has the context's name. */
export function clusterOf(
  streams: readonly Labels[],
  context: string | undefined,
): readonly Matcher[] {
  if (context === undefined) return [];
  for (const label of labelsOf.cluster) {
    const clusters = [...new Set(streams.flatMap((labels) => labels[label] ?? []))];
    const named = clusterNamedBy(context, clusters);
    if (clusters.length > 1 && named !== undefined) return [[label, '=', named]];
  }
  return [];
}

/** The cluster that a stream is of, where a context is given that does not name it. */
export function otherClusterOf(labels: Labels, context: string | undefined): string | undefined {
  const cluster = valueOf(labels, 'cluster');
  return cluster && context !== undefined && !isNamedBy(context, cluster) ? cluster : undefined;
}

function matcherText([label, operator, value]: Matcher): string {
  return `${label}${operator}${quoted(value)}`;
}

/** Strings of LogQL are Go's, which all of JSON's are. */
function quoted(value: string): string {
  return JSON.stringify(value);
}
