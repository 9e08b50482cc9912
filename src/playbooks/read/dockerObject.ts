import { emptyContainer, type Cited, type ContainerState, type Picture, type Pod } from './picture';
import { at, textAt, type Node } from './tree';

/** True for an element of what `docker inspect` prints of a container. */
export function isDockerContainer(node: Node): boolean {
  return (
    at(node, 'State', 'ExitCode') !== undefined || at(node, 'State', 'OOMKilled') !== undefined
  );
}

/** Adds the container of a `docker inspect` as a pod with one container. */
export function addDockerContainer(node: Node, picture: Picture): void {
  const name = (textAt(node, 'Name') ?? 'container').replace(/^\//, '');
  const labels = at(node, 'Config', 'Labels');
  const status = at(node, 'State', 'Status');
  const restarts = at(node, 'RestartCount');
  const memory = at(node, 'HostConfig', 'Memory');
  const image = at(node, 'Config', 'Image');
  const health = at(node, 'State', 'Health', 'Status');
  const pod: Pod = {
    name,
    namespace: null,
    app: textAt(labels, 'com.docker.compose.service') ?? name,
    node: null,
    status: status?.value ? { value: statusOf(status.value), citation: status.citation } : null,
    ready: health?.value
      ? { value: health.value !== 'unhealthy', citation: health.citation }
      : null,
    containers: [
      {
        ...emptyContainer(name),
        image: image?.value ? { value: image.value, citation: image.citation } : null,
        state: stateOf(node),
        restarts: restarts?.value
          ? { value: Number(restarts.value), citation: restarts.citation }
          : null,
        limits:
          memory?.value && memory.value !== '0'
            ? { memory: { value: memory.value, citation: memory.citation } }
            : {},
      },
    ],
    citation: at(node, 'Name')?.citation ?? node.citation,
  };
  picture.pods.push(pod);
}

/** Docker's words in Kubernetes' terms. */
function statusOf(status: string): string {
  if (status === 'running') return 'Running';
  if (status === 'restarting') return 'CrashLoopBackOff';
  return status;
}

function stateOf(node: Node): ContainerState {
  const state = at(node, 'State');
  const oom = at(state, 'OOMKilled');
  const exit = at(state, 'ExitCode');
  const error = at(state, 'Error');
  const cite = (from: Node | undefined, value: string): Cited<string> | null =>
    from ? { value, citation: from.citation } : null;
  const running = textAt(state, 'Running') === 'true' && textAt(state, 'Restarting') !== 'true';
  return {
    kind: running ? 'running' : 'terminated',
    reason: oom?.value === 'true' ? cite(oom, 'OOMKilled') : null,
    message: error?.value ? cite(error, error.value) : null,
    exitCode:
      exit?.value && !running ? { value: Number(exit.value), citation: exit.citation } : null,
    startedAt: null,
    finishedAt: null,
  };
}
