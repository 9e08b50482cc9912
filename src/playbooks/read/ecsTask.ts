import { emptyContainer, type Cited, type Container, type Picture } from './picture';
import { at, textAt, type Node } from './tree';

/** Adds the tasks of Amazon ECS (`describe-tasks`, or one task's state change). True where it is one. */
export function addEcsTasks(root: Node, picture: Picture): boolean {
  const tasks = [root, ...root.items, ...(at(root, 'tasks')?.items ?? [])].filter(
    (node) => at(node, 'taskArn') !== undefined || at(node, 'stoppedReason') !== undefined,
  );
  for (const task of tasks) {
    const group = textAt(task, 'group')?.replace(/^\w+:/, '') ?? null;
    const status = at(task, 'lastStatus');
    const name = group ?? textAt(task, 'taskArn')?.replace(/^.*\//, '') ?? 'task';
    picture.pods.push({
      name,
      namespace: null,
      app: group,
      node: null,
      status: status?.value
        ? { value: words[status.value] ?? status.value, citation: status.citation }
        : null,
      ready: null,
      containers: (at(task, 'containers')?.items ?? []).map(containerOf),
      citation: task.citation,
    });
  }
  return tasks.length > 0;
}

/** The phases of a pod, for the words of ECS. */
const words: Readonly<Record<string, string>> = {
  RUNNING: 'Running',
  PENDING: 'Pending',
  PROVISIONING: 'Pending',
  STOPPED: 'Failed',
};

function containerOf(node: Node): Container {
  const cited = (key: string): Cited<string> | null => {
    const found = at(node, key);
    return found?.value ? { value: found.value, citation: found.citation } : null;
  };
  const reason = cited('reason');
  const exit = cited('exitCode');
  const image = cited('image');
  const killed = reason !== null && /^OutOfMemory/.test(reason.value);
  return {
    ...emptyContainer(textAt(node, 'name') ?? 'container'),
    image,
    state:
      reason || exit
        ? {
            kind: 'terminated',
            reason: killed ? { ...reason, value: 'OOMKilled' } : reason,
            message: null,
            exitCode: exit && { value: Number(exit.value), citation: exit.citation },
            startedAt: null,
            finishedAt: null,
          }
        : null,
  };
}
