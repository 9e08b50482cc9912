import type { Picture } from '../read/picture';
import { gather, type Gathered } from './facts';

/** What the cluster could give: room on its nodes, the only class of ingress. */
export function gatherCluster(into: Gathered, { room, ingressClasses }: Picture): void {
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
  const [only, ...others] = ingressClasses.known;
  if (only && others.length === 0) gather(into, { ingressClass: only.value }, only.citation);
}
