import type {
  V1CronJob,
  V1DaemonSet,
  V1Job,
  V1PodTemplateSpec,
  V1StatefulSet,
} from '@kubernetes/client-node';

import { describeContainer } from '../describeContainer';
import { field, optional, section } from '../page';
import type { Entry } from '../page';
import { longTime } from '../time';
import { inLine, objectKind } from './kind';

export const statefulSet = objectKind<V1StatefulSet>({
  list: ({ apps }, page) => apps.listNamespacedStatefulSet(page),
  read: ({ apps }, wanted) => apps.readNamespacedStatefulSet(wanted),
  columns: {
    Ready: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`,
    Updated: ({ status }) => String(status?.updatedReplicas ?? 0),
    'Update strategy': ({ spec }) => spec?.updateStrategy?.type ?? '',
    Service: ({ spec }) => spec?.serviceName ?? '',
  },
  conditions: ({ status }) => status?.conditions,
  more: ({ spec }) => [
    ...template(spec?.template),
    section(
      'Volume Claims',
      (spec?.volumeClaimTemplates ?? []).map(({ metadata, spec: claim }) =>
        field(metadata?.name ?? '', inLine(claim?.resources?.requests)),
      ),
    ),
  ],
});

export const daemonSet = objectKind<V1DaemonSet>({
  list: ({ apps }, page) => apps.listNamespacedDaemonSet(page),
  read: ({ apps }, wanted) => apps.readNamespacedDaemonSet(wanted),
  columns: {
    Desired: ({ status }) => String(status?.desiredNumberScheduled ?? 0),
    Ready: ({ status }) => String(status?.numberReady ?? 0),
    'Up to date': ({ status }) => String(status?.updatedNumberScheduled ?? 0),
    Misscheduled: ({ status }) => String(status?.numberMisscheduled ?? 0),
  },
  conditions: ({ status }) => status?.conditions,
  more: ({ spec }) => template(spec?.template),
});

export const job = objectKind<V1Job>({
  list: ({ batch }, page) => batch.listNamespacedJob(page),
  read: ({ batch }, wanted) => batch.readNamespacedJob(wanted),
  columns: {
    Completions: ({ spec, status }) => `${status?.succeeded ?? 0}/${spec?.completions ?? 1}`,
    Active: ({ status }) => String(status?.active ?? 0),
    Failed: ({ status }) => String(status?.failed ?? 0),
    'Backoff limit': ({ spec }) => String(spec?.backoffLimit ?? 6),
    Deadline: ({ spec }) =>
      spec?.activeDeadlineSeconds === undefined ? '' : `${spec.activeDeadlineSeconds}s`,
  },
  conditions: ({ status }) => status?.conditions,
  more: ({ spec, status }) => [
    ...optional('Start Time', status?.startTime && longTime(status.startTime)),
    ...optional('Completed At', status?.completionTime && longTime(status.completionTime)),
    ...template(spec?.template),
  ],
});

export const cronJob = objectKind<V1CronJob>({
  list: ({ batch }, page) => batch.listNamespacedCronJob(page),
  read: ({ batch }, wanted) => batch.readNamespacedCronJob(wanted),
  columns: {
    Schedule: ({ spec }) => spec?.schedule ?? '',
    Suspended: ({ spec }) => String(spec?.suspend ?? false),
    Active: ({ status }) => (status?.active ?? []).map(({ name }) => name).join(', '),
    'Last schedule': ({ status }) =>
      status?.lastScheduleTime ? longTime(status.lastScheduleTime) : '',
    'Last success': ({ status }) =>
      status?.lastSuccessfulTime ? longTime(status.lastSuccessfulTime) : '',
  },
  more: ({ spec }) => [
    field('Concurrency Policy', spec?.concurrencyPolicy),
    ...template(spec?.jobTemplate.spec?.template),
  ],
});

function template(given: V1PodTemplateSpec | undefined): Entry[] {
  const containers = given?.spec?.containers ?? [];
  return [
    section('Pod Template', [
      field('Service Account', given?.spec?.serviceAccountName),
      section(
        'Containers',
        containers.map((one) => describeContainer(one, undefined)),
      ),
    ]),
  ];
}
