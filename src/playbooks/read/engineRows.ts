import type { Citation } from '../../incident/evidence';
import { appOfPod, emptyContainer, type Picture, type PlatformEvent, type Pod } from './picture';
import type { Row } from './tables';

/** Docker's words for a state, in those of a pod. */
function stateOf(status: string): string {
  if (status.startsWith('Up')) return 'Running';
  if (status.startsWith('Restarting')) return 'CrashLoopBackOff';
  return status.startsWith('Exited (0)') ? 'Completed' : 'Exited';
}

/** A row of `docker ps`, as a pod with one container. */
export function dockerRowOf(row: Row, citation: Citation): Pod {
  const name = row.NAMES ?? row.NAME ?? '';
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
  month: 2_592_000,
  year: 31_536_000,
};

/** Seconds of `Failed 4 minutes ago`, `Running about an hour ago`; null where it does not say. */
function secondsAgo(state: string): number | null {
  const [, count = '', unit = ''] = /\b(\d{1,4}|an?) ([a-z]{3,6}?)s? ago/.exec(state) ?? [];
  const each = seconds[unit];
  if (each === undefined) return null;
  return (/^an?$/.test(count) ? 1 : Number(count)) * each;
}

/**
 * Tasks that failed before the one that runs now, which stands above them, are its restarts; a
 * single one was replaced, as it should be.
 */
function addRestart(event: PlatformEvent, name: string, picture: Picture): void {
  const container = picture.pods.find((pod) => pod.name === name)?.containers[0];
  if (!container || picture.events.at(-2)?.object !== event.object) return;
  container.restarts = { value: (container.restarts?.value ?? 1) + 1, citation: event.citation };
  container.restartedAgo ??= event.age;
}

/** A task of a Swarm service: one that was replaced (`\\_ checkout.1`) is told by its error only. */
export function addSwarmTask(row: Row, citation: Citation, picture: Picture): void {
  const name = (row.NAME ?? '').replace(/^\\_ /, '');
  const [state = ''] = (row['CURRENT STATE'] ?? '').split(' ');
  const error = (row.ERROR ?? '').replace(/^"|"$/g, '');
  const event: PlatformEvent = {
    type: 'Warning',
    reason: state,
    object: `task/${name}`,
    namespace: null,
    message: error,
    age: secondsAgo(row['CURRENT STATE'] ?? ''),
    count: 1,
    citation,
    over: false,
  };
  if (error !== '') picture.events.push(event);
  const current = row.NAME === name && row['DESIRED STATE'] !== 'Shutdown';
  if (!current) {
    if (error !== '') addRestart(event, name, picture);
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
