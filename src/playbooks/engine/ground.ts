import type { Citation } from '../../incident/evidence';
import type { Finding } from '../playbook';
import type { Picture } from '../read/picture';
import { joinedPods, type JoinedPod } from './objects';

/** What failures of several applications have in common, and nothing healthy has. */
export interface Ground {
  kind: 'node' | 'zone' | 'image' | 'upstream';
  value: string;
  /** The applications that fail on it. */
  apps: readonly string[];
  citation: Citation;
}

/**
 * What the failures share that a single application does not explain: the node, zone or image that
 * all failing pods of several applications have and no healthy pod has, or the one host of which
 * several applications complain. Null where there is no such thing.
 * @param findings what speaks for any category, for the hosts that the applications name
 */
export function commonGround(picture: Picture, findings: readonly Finding[]): Ground | null {
  const pods = joinedPods(picture);
  const failing = pods.filter(({ healthy }) => !healthy);
  const healthy = pods.filter((pod) => pod.healthy);
  for (const [kind, valueOf] of shared) {
    const value = valueOf(failing[0], picture);
    const apps = [...new Set(failing.map(({ app }) => app))];
    const citation = failing[0]?.said[0]?.citation;
    if (!value || !citation || apps.length < 2 || healthy.length === 0) continue;
    const all = failing.every((pod) => valueOf(pod, picture) === value);
    const known = healthy.every((pod) => valueOf(pod, picture) !== null);
    if (!all || !known || healthy.some((pod) => valueOf(pod, picture) === value)) continue;
    return { kind, value, apps, citation };
  }
  return commonUpstream(findings);
}

type ValueOf = (pod: JoinedPod | undefined, picture: Picture) => string | null;

const shared: readonly (readonly [Ground['kind'], ValueOf])[] = [
  ['node', (pod) => pod?.node ?? null],
  ['zone', (pod, picture) => picture.zones.get(pod?.node ?? '')?.value ?? null],
  ['image', (pod) => pod?.said[0]?.containers.find(({ image }) => image)?.image?.value ?? null],
];

/** The one host of which several applications complain. */
function commonUpstream(findings: readonly Finding[]): Ground | null {
  const complaining = findings.filter(
    ({ facts, app, fromLog }) => facts.host && app !== null && fromLog,
  );
  const hosts = new Set(complaining.map(({ facts }) => facts.host));
  const apps = [...new Set(complaining.map(({ app }) => app ?? ''))];
  const [first] = complaining;
  if (!first?.facts.host || hosts.size !== 1 || apps.length < 2) return null;
  return { kind: 'upstream', value: first.facts.host, apps, citation: first.citation };
}

/** In a sentence. */
export function groundInWords({ kind, value, apps }: Ground): string {
  const all = apps.join(', ');
  if (kind === 'upstream') return `${all} all complain of ${value}`;
  return `the failing pods of ${all} share the ${kind} ${value}, which no healthy one has`;
}
