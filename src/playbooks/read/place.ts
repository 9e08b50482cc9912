import type { FactValues } from '../../incident/analysis';
import type { Citation } from '../../incident/evidence';
import { appOfPod } from './picture';
import { isSearched, type LogLine } from './logLine';

/** Where something runs, as far as one line of a platform or collector says it. */
export interface Place {
  app: string | null;
  pod: string | null;
  namespace: string | null;
  container: string | null;
}

/** A quote as it stands, as journald's and JSON's escapes leave it, or none. */
const name = '["\'\\\\]*([a-z0-9](?:[\\w.-]*[a-z0-9])?)';

/**
 * The notations of platforms, the ones that say most first. Groups: `pod`, `namespace`,
 * `container`, `app`.
 */
const notations: readonly RegExp[] = [
  // kubelet: `pod catalog-7656bfc4ff-ppskl_shop(f00a8c2e-…)`
  /(?:\bpods?[=: ]["'\\]*|\(\\?")(?<pod>[a-z0-9][a-z0-9.-]*)_(?<namespace>[a-z0-9][a-z0-9-]*)\([\w-]{1,64}\)/i,
  // kubelet, scheduler, controllers: `pod="shop/catalog-…"`, `Pod shop/catalog-…`
  /\b[Pp]ods?[=: ]["'\\]*(?<namespace>[a-z0-9][a-z0-9-]*)\/(?<pod>[a-z0-9][a-z0-9.-]*)/,
  // containerd and CRI-O: `&PodSandboxMetadata{Name:…,Uid:…,Namespace:…`
  /PodSandboxMetadata\{Name:(?<pod>[\w.-]+),Uid:[^,]*,Namespace:(?<namespace>[\w-]+)/,
  // the Docker shim and CRI-O: `k8s_container_pod_namespace_uid_0`
  /\bk8s_(?<container>[a-z0-9.-]+)_(?<pod>[a-z0-9.-]+)_(?<namespace>[a-z0-9-]+)_[0-9a-f-]{8,}/,
  // files of the node
  /\/pods\/(?<namespace>[a-z0-9-]+)_(?<pod>[a-z0-9.-]+)_[0-9a-f-]{8,}\/(?<container>[a-z0-9.-]+)/,
  /\/containers\/(?<pod>[a-z0-9.-]+)_(?<namespace>[a-z0-9-]+)_(?<container>[a-z0-9.-]+)-[0-9a-f]{12,}/,
];

/** Names that stand alone: `key=value` of logs, fields of collectors and of telemetry. */
const fields: Readonly<Record<keyof Place, readonly RegExp[]>> = {
  pod: [
    new RegExp(
      `\\b(?:pod_?name|k8s[._]pod[._]name|kubernetes[._]pod[._]name)["\\\\]*[=:]\\s*${name}`,
      'i',
    ),
    /"pod"\s*:\s*(?:\{[^{}]*"name"\s*:\s*)?"([a-z0-9][a-z0-9.-]*)"/,
    /\bin pod ["'\\]*([a-z0-9][a-z0-9.-]*[a-z0-9])(?!\w)/,
    /\bpod[=:]["'\\]*([a-z0-9][a-z0-9.-]*[a-z0-9])(?=["'\\,\s]|$)/,
  ],
  namespace: [
    new RegExp(
      `\\b(?:pod_?namespace|namespace_name|kubernetes[._]namespace(?:_name)?|k8s[._]namespace[._]name|io\\.kubernetes\\.pod\\.namespace)["\\\\]*[=:]\\s*${name}`,
      'i',
    ),
    new RegExp(`\\b[nN]amespace["\\\\]*[=:]\\s*${name}`),
    /\bin (?:the )?namespace ["'\\]*([a-z0-9][a-z0-9-]*)/,
  ],
  container: [
    new RegExp(
      `\\b(?:container_?name|k8s[._]container[._]name|io\\.kubernetes\\.container\\.name)["\\\\]*[=:]\\s*${name}`,
      'i',
    ),
    /\b(?:failed|init|start|restarting failed) container[= ]["'\\]*([a-z0-9][\w.-]*)["'\\]* (?:in|pod)/i,
    /\bcontainer=["'\\]*([a-z0-9][\w.-]*[a-z0-9])(?= |["'\\])/,
  ],
  app: [
    new RegExp(
      `"(?:app\\.kubernetes\\.io/(?:name|instance)|k8s-app|k8s[._](?:deployment|statefulset|daemonset)[._]name|com\\.docker\\.compose\\.service|service[._]name)"\\s*:\\s*${name}`,
    ),
    /"labels"\s*:\s*\{[^{}]*"app"\s*:\s*"([a-z0-9][\w.-]*)"/,
  ],
};

const telling =
  /pod|k8s|kubernetes|namespace|service[._]name|compose\.service|"labels"|\/containers\/|_[a-z0-9][a-z0-9-]*\(/i;

/** What a line says of where it happened; null when it says nothing. */
export function placeIn(text: string): Place | null {
  const head = text.length > 4000 ? text.slice(0, 4000) : text;
  if (!telling.test(head)) return null;
  const found: Place = { app: null, pod: null, namespace: null, container: null };
  for (const notation of notations) {
    const groups = notation.exec(head)?.groups;
    if (!groups) continue;
    found.pod ??= groups.pod ?? null;
    found.namespace ??= groups.namespace ?? null;
    found.container ??= groups.container ?? null;
    break;
  }
  for (const key of ['pod', 'namespace', 'container', 'app'] as const) {
    for (const field of fields[key]) found[key] ??= field.exec(head)?.[1] ?? null;
  }
  if (found.pod !== null) found.app ??= appOfPod(found.pod);
  // Events speak of namespaces and containers; without a pod that is the message, not the place.
  if (found.pod === null && found.app === null && found.namespace === null) return null;
  return found;
}

/** The place as facts. */
export function factsOfPlace(place: Place | null): Partial<FactValues> {
  if (!place) return {};
  return {
    ...(place.pod === null ? {} : { pod: place.pod }),
    ...(place.namespace === null ? {} : { namespace: place.namespace }),
    ...(place.container === null ? {} : { container: place.container }),
  };
}

/** How many lines are looked at for a place that no cited line names. */
const searched = 3000;

/** The one workload that all of the evidence names, with the first line that names it. */
export function commonPlace(
  lines: readonly LogLine[],
): { place: Place; citation: Citation } | null {
  let common: { place: Place; citation: Citation } | null = null;
  for (const line of lines.slice(0, searched)) {
    if (!isSearched(line)) continue;
    const place = placeIn(line.text);
    if (!place?.app) continue;
    if (common && common.place.app !== place.app) return null;
    common ??= { place, citation: { source: line.source, line: line.number, text: line.text } };
  }
  return common;
}

/** `db:5432`, `10.0.0.7:443` or a URL, as against a time of day. */
const address =
  /(?:(?<![\w.-])[a-z][a-z-][\w.-]*|\b\d{1,3}(?:\.\d{1,3}){3}):\d{2,5}\b|:\/\/|\bport \d/i;

/** True where a text names a place on the network. */
export function namesAddress(text: string): boolean {
  return address.test(text);
}
