import { textAt } from './data';
import { partOf } from './layer';
import type { Layer } from './layer';
import { originText, ownValue } from './manifest';
import type { Manifest } from './manifest';
import { bestFit } from './target';
import type { Target } from './target';

/** Kinds that set fields of what another object runs, and where each names it. */
const targets: Readonly<Record<string, string>> = {
  HorizontalPodAutoscaler: 'scaleTargetRef',
  ScaledObject: 'scaleTargetRef',
  VerticalPodAutoscaler: 'targetRef',
};

/** True for a kind of autoscaler. */
export const isAutoscaler = (kind: string): boolean => Object.hasOwn(targets, kind);

/** An autoscaler that is an object of its own, and what sets its spec, what wins first. */
export interface Autoscaler {
  /** For people: "VerticalPodAutoscaler shop (k8s/vpa.yaml)". */
  title: string;
  namespace: string | null;
  /** They count at the name of its kind, beside what the values of the application hold. */
  layers: readonly Layer[];
}

/** The autoscalers of the target's workload. */
export function autoscalersOf(objects: readonly Manifest[], { app }: Target): Autoscaler[] {
  return objects.flatMap((manifest) => {
    const { kind, name, namespace, layers } = manifest;
    const reference = targets[kind];
    if (reference === undefined) return [];
    const scaled = textAt(ownValue(manifest), 'spec', reference, 'name');
    if (bestFit([scaled], app) !== 'same') return [];
    const spec = layers.flatMap((layer) => {
      const part = partOf(layer, ['spec']);
      return part
        ? { ...part, mounts: part.mounts.map(({ at, path }) => ({ at: [kind, ...at], path })) }
        : [];
    });
    return { title: `${kind} ${name} (${originText(manifest)})`, namespace, layers: spec };
  });
}
