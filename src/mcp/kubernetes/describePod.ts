import type { V1Pod, V1Volume } from '@kubernetes/client-node';

import { table } from '../shared/text';
import { describeContainer, labelled } from './describeContainer';
import { describeEvents } from './events';
import type { EventSummary } from './events';
import { field, lines, optional, render, section } from './page';
import type { Entry } from './page';
import { longTime } from './time';

/** The text of `kubectl describe pod`. */
export function describePod(pod: V1Pod, events: readonly EventSummary[]): string {
  const { metadata, spec, status } = pod;
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller);
  const containers = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
  ];
  const describe = (container: Parameters<typeof describeContainer>[0]) =>
    describeContainer(
      container,
      containers.find(({ name }) => name === container.name),
    );
  return render([
    field('Name', metadata?.name),
    field('Namespace', metadata?.namespace),
    field('Priority', String(spec?.priority ?? 0)),
    ...optional('Priority Class Name', spec?.priorityClassName),
    field('Service Account', spec?.serviceAccountName),
    field('Node', spec?.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : undefined),
    ...(status?.startTime ? [field('Start Time', longTime(status.startTime))] : []),
    labelled('Labels', metadata?.labels),
    labelled('Annotations', metadata?.annotations, ': '),
    ...(metadata?.deletionTimestamp
      ? [field('Status', `Terminating (since ${longTime(metadata.deletionTimestamp)})`)]
      : [field('Status', status?.phase)]),
    ...optional('Reason', status?.reason),
    ...optional('Message', status?.message),
    field('IP', status?.podIP),
    ...(owner ? [field('Controlled By', `${owner.kind}/${owner.name}`)] : []),
    ...(spec?.initContainers
      ? [section('Init Containers', spec.initContainers.map(describe))]
      : []),
    section('Containers', (spec?.containers ?? []).map(describe)),
    section('Conditions', [lines(conditions(pod))]),
    section('Volumes', (spec?.volumes ?? []).map(volume)),
    field('QoS Class', status?.qosClass),
    field(
      'Node-Selectors',
      Object.entries(spec?.nodeSelector ?? {}).map((pair) => pair.join('=')),
    ),
    field('Tolerations', tolerations(pod)),
    describeEvents(events),
  ]);
}

function conditions(pod: V1Pod): string[] {
  const all = pod.status?.conditions ?? [];
  const told = all.some(({ reason }) => reason);
  const rows = all.map(({ type, status, reason, message }) =>
    told ? [type, status, reason ?? '', message ?? ''] : [type, status],
  );
  const header = told ? ['Type', 'Status', 'Reason', 'Message'] : ['Type', 'Status'];
  return table(header, rows).split('\n');
}

function tolerations(pod: V1Pod): string[] {
  return (pod.spec?.tolerations ?? []).map((toleration) => {
    const value = toleration.value ? `=${toleration.value}` : '';
    const effect = toleration.effect ? `:${toleration.effect}` : '';
    const operator = toleration.operator === 'Exists' ? ' op=Exists' : '';
    const seconds = toleration.tolerationSeconds;
    return `${toleration.key ?? ''}${value}${effect}${operator}${seconds ? ` for ${seconds}s` : ''}`;
  });
}

/** Names of what a volume comes from: a missing one of them keeps a pod from starting. */
function volume(given: V1Volume): Entry {
  const { persistentVolumeClaim, configMap, secret, emptyDir, hostPath, projected } = given;
  if (persistentVolumeClaim) {
    return section(given.name, [
      field(
        'Type',
        'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
      ),
      field('ClaimName', persistentVolumeClaim.claimName),
      field('ReadOnly', String(persistentVolumeClaim.readOnly ?? false)),
    ]);
  }
  if (configMap) return referenced(given.name, 'ConfigMap', configMap.name, configMap.optional);
  if (secret) return referenced(given.name, 'Secret', secret.secretName, secret.optional);
  if (emptyDir) {
    return section(given.name, [
      field('Type', "EmptyDir (a temporary directory that shares a pod's lifetime)"),
      field('Medium', emptyDir.medium),
      field('SizeLimit', emptyDir.sizeLimit ?? '<unset>'),
    ]);
  }
  if (hostPath) {
    return section(given.name, [field('Type', 'HostPath'), field('Path', hostPath.path)]);
  }
  if (projected) {
    const parts = (projected.sources ?? []).flatMap(({ configMap: map, secret: hidden }) => [
      ...optional('ConfigMapName', map?.name),
      ...optional('SecretName', hidden?.name),
    ]);
    return section(given.name, [field('Type', 'Projected'), ...parts]);
  }
  const kind = Object.keys(given).find((key) => key !== 'name' && given[key as keyof V1Volume]);
  return section(given.name, [field('Type', kind ?? 'unknown')]);
}

function referenced(
  volumeName: string,
  type: string,
  name: string | undefined,
  isOptional: boolean | undefined,
): Entry {
  return section(volumeName, [
    field('Type', type),
    field(type === 'Secret' ? 'SecretName' : 'Name', name),
    field('Optional', String(isOptional ?? false)),
  ]);
}
