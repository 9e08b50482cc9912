import type { KeyPath } from '../yaml/keyPath';
import { at, listAt, textAt } from './data';
import { partOf } from './layer';
import type { Layer } from './layer';
import { sameName } from './names';
import { originText, ownValue } from './manifest';
import type { Manifest } from './manifest';
import { wordsIn } from './release';
import type { Release } from './release';
import { bestFit } from './target';
import type { Target } from './target';

/** Kinds that run containers. */
export const workloadKinds: ReadonlySet<string> = new Set([
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Rollout', 'Pod'],
]);

/** Where each kind keeps its Pod's spec. */
function podSpecOf(kind: string): KeyPath {
  if (kind === 'Pod') return ['spec'];
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  return ['spec', 'template', 'spec'];
}

/** A workload's container as a release without a chart; none where it is not the target's. */
export function workloadReleases(manifest: Manifest, target: Target): Release[] {
  const container = containerOf(manifest, target);
  if (container === undefined) return [];
  const layers = containerLayers(manifest, container);
  if (layers.length === 0) return [];
  const { kind, name, namespace, folder } = manifest;
  const file = manifest.layers.at(-1)?.path ?? '';
  return [
    {
      title: `${kind} ${name} (${originText(manifest)})`,
      names: { release: null, argoApplication: null, fluxRelease: null },
      namespace,
      folder,
      words: wordsIn(folder, file),
      chart: null,
      layers,
    },
  ];
}

/** What sets a container in patches and the object's own text, the last patch first. */
export function containerLayers(manifest: Manifest, container: string): Layer[] {
  const path = [...podSpecOf(manifest.kind), 'containers'];
  const position = indexOf(listAt(ownValue(manifest), ...path), container);
  return manifest.layers.flatMap((layer) => {
    // Operations name the container by its position, patches and objects by its name.
    const index =
      layer.value === undefined ? position : indexOf(listAt(layer.value, ...path), container);
    return index < 0 ? [] : (partOf(layer, [...path, index]) ?? []);
  });
}

function indexOf(containers: readonly unknown[], name: string): number {
  return containers.findIndex((container) => textAt(container, 'name') === name);
}

/** The name of the container that is meant; undefined where none is certainly. */
export function containerOf(manifest: Manifest, target: Target): string | undefined {
  const path = [...podSpecOf(manifest.kind), 'containers'];
  const names = new Set(
    manifest.layers.flatMap(({ value }) =>
      listAt(at(value, ...path)).flatMap((container) => textAt(container, 'name') ?? []),
    ),
  );
  const labels = at(ownValue(manifest), 'metadata', 'labels');
  const label = textAt(labels, 'app.kubernetes.io/name') ?? textAt(labels, 'app');
  if (bestFit([manifest.name, label], target.app) === 'none') return undefined;
  if (target.container !== null) {
    const { container } = target;
    return [...names].find((name) => sameName(name, container));
  }
  const [only, ...others] = names;
  if (others.length === 0) return only;
  return [...names].find((name) => sameName(name, target.app));
}
