import type { Citation } from '../../incident/evidence';
import type { Picture } from '../read/picture';
import { joinedPods, type JoinedPod } from './objects';

/** In what the failing pods of an application differ from its healthy ones. */
export interface Difference {
  /** `image of checkout`, `node`, `variable DATABASE_URL of checkout` … */
  what: string;
  /** The value in every failing pod, and those in the healthy ones; null where it is not set. */
  failing: string | null;
  healthy: readonly (string | null)[];
  citation: Citation;
}

/** What a pod is made of, by name. */
type Traits = ReadonlyMap<string, { value: string; citation: Citation }>;

/**
 * Compares the failing pods of an application with its healthy ones in image, command, resources,
 * environment, ReplicaSet and node. A trait counts where all failing pods agree and no healthy one
 * has the same; what only one side prints is no difference.
 */
export function differencesOf(picture: Picture, app: string): Difference[] {
  const pods = joinedPods(picture).filter((pod) => pod.app === app);
  const failing = pods.filter(({ healthy }) => !healthy).map(traitsOf);
  const healthy = pods.filter((pod) => pod.healthy).map(traitsOf);
  const [first] = failing;
  if (!first || healthy.length === 0) return [];
  const names = new Set([...failing, ...healthy].flatMap((traits) => [...traits.keys()]));
  return [...names].flatMap((what) => differenceIn(what, failing, healthy) ?? []);
}

function differenceIn(
  what: string,
  failing: readonly Traits[],
  healthy: readonly Traits[],
): Difference | null {
  const isOptional = what.startsWith('variable ');
  const ours = failing.map((traits) => traits.get(what));
  const theirs = healthy.map((traits) => traits.get(what));
  const all = [...ours, ...theirs];
  // A variable may be missing on one side, but only where the environment itself was printed.
  if (!isOptional && all.some((trait) => trait === undefined)) return null;
  if (isOptional && ![...failing, ...healthy].every((traits) => traits.has(environment)))
    return null;
  const values = new Set(ours.map((trait) => trait?.value ?? null));
  const [value = null] = values;
  const others = [...new Set(theirs.map((trait) => trait?.value ?? null))];
  const shown = ours.find(Boolean) ?? theirs.find(Boolean);
  if (what === environment || values.size !== 1 || others.includes(value) || !shown) return null;
  return { what, failing: value, healthy: others, citation: shown.citation };
}

/** Present where a pod's environment was printed at all. */
const environment = 'environment';

function traitsOf(pod: JoinedPod): Traits {
  const traits = new Map<string, { value: string; citation: Citation }>();
  const set = (name: string, value: string | null | undefined, citation: Citation): void => {
    if (value) traits.set(name, { value, citation });
  };
  const [said] = pod.said;
  if (!said) return traits;
  for (const container of said.containers) {
    const { name, image, command, limits, requests } = container;
    if (!image) continue;
    set(`image of ${name}`, image.value, image.citation);
    if (command) set(`command of ${name}`, command.value, command.citation);
    for (const [resource, amount] of Object.entries(limits)) {
      set(`${resource} limit of ${name}`, amount.value, amount.citation);
    }
    for (const [resource, amount] of Object.entries(requests)) {
      set(`${resource} request of ${name}`, amount.value, amount.citation);
    }
    set(environment, 'printed', image.citation);
    for (const [variable, value] of Object.entries(container.environment)) {
      set(`variable ${variable} of ${name}`, value.value, value.citation);
    }
  }
  set('ReplicaSet', pod.replicaSet, said.citation);
  set('node', pod.node, said.citation);
  return traits;
}

/** `image of checkout: shop/checkout:2.1 where it fails, shop/checkout:2.0 where it is well`. */
export function wordsOf({ what, failing, healthy }: Difference): string {
  const others = healthy.map((value) => value ?? 'not set').join(', ');
  return `${what}: ${failing ?? 'not set'} where it fails, ${others} where it is well`;
}
