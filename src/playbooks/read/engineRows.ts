import type { Citation } from '../../incident/evidence';
import { appOfPod, emptyContainer, type Picture, type Pod } from './picture';
import type { Row } from './tables';

/** Docker's words for a state, in those of a pod. */
function stateOf(status: string): string {
  if (status.startsWith('Up')) return 'Running';
  if (status.startsWith('Restarting')) return 'CrashLoopBackOff';
  return status.startsWith('Exited (0)') ? 'Completed' : 'Exited';
}

/** A row of `docker ps`, as a pod with one container. */
export function dockerRowOf(row: Row, citation: Citation): Pod {
  const name = row.NAMES ?? '';
  const status = row.STATUS ?? '';
  const exit = /^(?:Exited|Restarting) \((\d+)\)/.exec(status)?.[1];
  const up = stateOf(status) === 'Running';
  return {
    name,
    namespace: null,
    app: name.replace(/-\d+$/, ''),
    node: null,
    status: {
      value: stateOf(status),
      citation,
    },
    ready: up ? { value: !status.includes('(unhealthy)'), citation } : null,
    containers: [
      {
        ...emptyContainer(name),
        image: row.IMAGE ? { value: row.IMAGE, citation } : null,
        state: exit
          ? {
              kind: 'terminated',
              reason: null,
              message: null,
              exitCode: { value: Number(exit), citation },
              startedAt: null,
              finishedAt: null,
            }
          : null,
      },
    ],
    citation,
  };
}

const seconds: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/**
 * Tasks that failed before the one that runs now, which stands above them, are its restarts; a
 * single one was replaced, as it should be.
 */
function addRestart(row: Row, name: string, citation: Citation, picture: Picture): void {
  const container = picture.pods.find((pod) => pod.name === name)?.containers[0];
  const failures = picture.events.filter(({ object }) => object === `task/${name}`).length;
  if (!container || failures < 2) return;
  container.restarts = { value: failures, citation };
  const [, count, unit = ''] = /(\d+|an?) (\w+?)s? ago/.exec(row['CURRENT STATE'] ?? '') ?? [];
  const ago = (/^an?$/.test(count ?? '') ? 1 : Number(count)) * (seconds[unit] ?? Number.NaN);
  if (!Number.isNaN(ago)) container.restartedAgo ??= ago;
}

/** A task of a Swarm service: one that was replaced (`\\_ checkout.1`) is told by its error only. */
export function addSwarmTask(row: Row, citation: Citation, picture: Picture): void {
  const name = (row.NAME ?? '').replace(/^\\_ /, '');
  const [state = ''] = (row['CURRENT STATE'] ?? '').split(' ');
  const error = (row.ERROR ?? '').replace(/^"|"$/g, '');
  if (error !== '') {
    picture.events.push({
      type: 'Warning',
      reason: state,
      object: `task/${name}`,
      namespace: null,
      message: error,
      age: null,
      count: 1,
      citation,
      over: false,
    });
  }
  const current = row.NAME === name && row['DESIRED STATE'] !== 'Shutdown';
  if (!current) {
    if (error !== '') addRestart(row, name, citation, picture);
    return;
  }
  picture.pods.push({
    name,
    namespace: null,
    app: appOfPod(name),
    node: row.NODE || null,
    status: { value: state === 'Complete' ? 'Completed' : state, citation },
    ready: state === 'Running' ? { value: true, citation } : null,
    containers: [
      {
        ...emptyContainer(appOfPod(name)),
        image: row.IMAGE ? { value: row.IMAGE, citation } : null,
      },
    ],
    citation,
  });
}
