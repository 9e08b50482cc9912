import type { Citation, EvidenceText } from '../../incident/evidence';

/** A line of `kubectl describe`: `Key: value` at its indent; a row of an inner table has no key. */
export interface Entry {
  key: string;
  value: string;
  indent: number;
  citation: Citation;
  index: number;
}

/** Reads one line of a description. */
export function entryAt({ source, lines }: EvidenceText, index: number): Entry {
  const { number = 0, text = '' } = lines[index] ?? {};
  const match = /^(\s*)([^\s:](?:[^:]|:(?=\S))*):(?:\s+(\S.*)?)?$/.exec(text);
  return {
    indent: text.length - text.trimStart().length,
    key: match?.[2] ?? '',
    value: match ? (match[3] ?? '').trim() : text.trim(),
    citation: { source, line: number, text },
    index,
  };
}

/** The entries below a top-level key. */
export function sectionOf(entries: readonly Entry[], key: string): Entry[] {
  const start = entries.findIndex((entry) => entry.indent === 0 && entry.key === key);
  if (start < 0) return [];
  const rest = entries.slice(start + 1);
  const end = rest.findIndex((entry) => entry.indent === 0);
  return end < 0 ? rest : rest.slice(0, end);
}

/** What a described object is, told by a key that only its kind has; the first that fits. */
const kinds: readonly (readonly [key: string, kind: string])[] = [
  ['StorageClass', 'persistentvolumeclaim'],
  ['Allocatable', 'node'],
  ['StrategyType', 'deployment'],
  ['Pods Statuses', 'job'],
  ['Min replicas', 'horizontalpodautoscaler'],
  ['Default backend', 'ingress'],
  ['Session Affinity', 'service'],
  ['Cluster IP', 'service'], // as War Room's own server of Kubernetes describes it
  ['Endpoints', 'service'], // cut off before its last lines
  ['Created on', 'networkpolicy'],
  ['Roles', 'node'],
  ['Pods Status', 'replicaset'],
];

/** The kind of the object whose top-level entries these are, in lower case; `object` when unknown. */
export function kindOf(tops: readonly Entry[]): string {
  const keys = new Set(tops.map((entry) => entry.key));
  const own = tops.find((entry) => entry.key === 'Kind')?.value;
  return own?.toLowerCase() ?? kinds.find(([key]) => keys.has(key))?.[1] ?? 'object';
}
