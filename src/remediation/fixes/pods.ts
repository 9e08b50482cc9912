import { pathText } from '../yaml/keyPath';
import { refusal, textOf, wholeNumber } from './edits';
import { placesOf } from './find';
import type { FixTarget } from './fix';
import { replicaOwner } from './owners';
import { replicaKeys } from './replicas';

/** How many pods there are at most during a rollout, with the words for a formula. */
export interface PodCount {
  count: number;
  replicas: number;
  surge: number;
  words: string;
}

const maximumKeys = ['maxReplicas', 'maxReplicaCount', 'max'];

/** `replicas + surge`, where an autoscaler's upper bound counts as the replicas. */
export function mostPods(target: FixTarget): PodCount {
  const replicas = mostReplicas(target);
  const surge = surgeOf(target, replicas);
  return { count: replicas + surge, replicas, surge, words: `(${replicas} + ${surge})` };
}

function mostReplicas(target: FixTarget): number {
  const owner = replicaOwner(target);
  const bound = owner && maximumKeys.map((key) => target.document.find([...owner.path, key]));
  const place = bound?.find((each) => each !== undefined) ?? replicasOf(target);
  if (place) return Math.max(1, wholeNumber(place));
  const seen = target.facts.replicas?.value;
  if (seen !== undefined) return Math.max(1, seen);
  throw refusal(
    'Neither the file nor the evidence says how many replicas run, so what all of them need together cannot be told; the file was left as it is.',
    'values-key-missing',
  );
}

function replicasOf(target: FixTarget) {
  const places = placesOf(target, replicaKeys);
  const own = places.filter(({ keyPath }) => keyPath.length <= target.prefix.length + 2);
  if (own.length > 1) {
    const paths = own.map(({ keyPath }) => pathText(keyPath)).join(', ');
    throw refusal(`It is not certain which number of replicas counts: ${paths}.`);
  }
  return own[0];
}

/** Kubernetes adds a quarter, rounded up, where nothing is said; Recreate adds none. */
function surgeOf(target: FixTarget, replicas: number): number {
  const strategy = placesOf(target, [
    ['strategy', 'type'],
    ['updateStrategy', 'type'],
  ])[0];
  if (strategy?.value === 'Recreate') return 0;
  const [place] = placesOf(target, [['maxSurge']]);
  const text = place ? textOf(place) : '25%';
  const share = /^(\d+)%$/.exec(text)?.[1];
  return share === undefined ? Number(text) || 0 : Math.ceil((replicas * Number(share)) / 100);
}
