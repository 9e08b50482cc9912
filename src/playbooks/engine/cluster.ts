import type { Picture } from '../read/picture';
import { gather, type Gathered } from './facts';

/**
 * What the cluster shows besides the failing pod: room on its nodes, the pods of the workload, its
 * claim's class, the classes that there are.
 */
export function gatherCluster(into: Gathered, picture: Picture, app: string | null): void {
  gatherRoom(into, picture);
  const scale = picture.scales.find(({ value }) => app === null || value.name === app);
  if (scale) {
    const { desired, total } = scale.value;
    gather(into, { replicas: desired, runningPods: total ?? undefined }, scale.citation);
  }
  const [only, ...others] = picture.ingressClasses.known;
  if (only && others.length === 0) gather(into, { ingressClass: only.value }, only.citation);
  const [usual] = picture.defaultClasses;
  if (usual) gather(into, { defaultStorageClass: usual.value }, usual.citation);
}

function gatherRoom(into: Gathered, { room }: Picture): void {
  for (const resource of ['cpu', 'memory'] as const) {
    const [most] = room
      .filter((node) => node.resource === resource)
      .sort((left, right) => right.free - left.free);
    if (!most) continue;
    const fact =
      resource === 'cpu'
        ? { nodeFreeCpu: `${Math.floor(most.free * 1000)}m` }
        : { nodeFreeMemory: `${Math.floor(most.free / 2 ** 20)}Mi` };
    gather(into, fact, most.citation);
  }
}
