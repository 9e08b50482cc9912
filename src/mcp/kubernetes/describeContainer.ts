import type {
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1EnvVar,
  V1Probe,
} from '@kubernetes/client-node';

import { field, lines, optional, pairs, section } from './page';
import type { Entry } from './page';
import { hasState } from './podStatus';
import { longTime } from './time';

/** A container's part of a pod's description; of a template, where there is no status. */
export function describeContainer(
  container: V1Container,
  status: V1ContainerStatus | undefined,
): Entry {
  const ports = (container.ports ?? []).map(
    (port) => `${port.containerPort}/${port.protocol ?? 'TCP'}`,
  );
  return section(container.name, [
    ...optional('Container ID', status?.containerID),
    field('Image', container.image),
    ...optional('Image ID', status?.imageID),
    field('Port', ports.join(', ')),
    ...listBelow('Command', container.command),
    ...listBelow('Args', container.args),
    ...(status ? describeStatus(status) : []),
    ...quantities('Limits', container.resources?.limits),
    ...quantities('Requests', container.resources?.requests),
    ...probe('Liveness', container.livenessProbe),
    ...probe('Readiness', container.readinessProbe),
    ...probe('Startup', container.startupProbe),
    ...sources(container),
    section('Environment', (container.env ?? []).map(variable)),
    section(
      'Mounts',
      (container.volumeMounts ?? []).map((mount) =>
        lines([`${mount.mountPath} from ${mount.name} (${mount.readOnly ? 'ro' : 'rw'})`]),
      ),
    ),
  ]);
}

function describeStatus(status: V1ContainerStatus): Entry[] {
  return [
    ...describeState('State', status.state),
    ...(hasState(status.lastState) ? describeState('Last State', status.lastState) : []),
    field('Ready', status.ready ? 'True' : 'False'),
    field('Restart Count', String(status.restartCount)),
  ];
}

function describeState(name: string, state: V1ContainerState | undefined): Entry[] {
  const { waiting, running, terminated } = state ?? {};
  if (terminated) {
    return [
      field(name, 'Terminated'),
      ...optional('  Reason', terminated.reason),
      ...optional('  Message', terminated.message?.trim()),
      ...optional('  Signal', terminated.signal ? String(terminated.signal) : undefined),
      field('  Exit Code', String(terminated.exitCode)),
      field('  Started', longTime(terminated.startedAt)),
      field('  Finished', longTime(terminated.finishedAt)),
    ];
  }
  if (running) return [field(name, 'Running'), field('  Started', longTime(running.startedAt))];
  return [
    field(name, waiting ? 'Waiting' : 'Unknown'),
    ...optional('  Reason', waiting?.reason),
    ...optional('  Message', waiting?.message),
  ];
}

function listBelow(name: string, words: readonly string[] | undefined): Entry[] {
  if (!words || words.length === 0) return [];
  return [section(name, [lines(words.flatMap((word) => word.split('\n')))])];
}

function quantities(name: string, values: Record<string, string> | undefined): Entry[] {
  const all = Object.entries(values ?? {}).sort(([a], [b]) => a.localeCompare(b));
  if (all.length === 0) return [];
  return [
    section(
      name,
      all.map(([resource, quantity]) => field(resource, quantity)),
    ),
  ];
}

function probe(name: string, given: V1Probe | undefined): Entry[] {
  return given ? [field(name, probeText(given))] : [];
}

function probeText(given: V1Probe): string {
  const timing = [
    `delay=${given.initialDelaySeconds ?? 0}s`,
    `timeout=${given.timeoutSeconds ?? 1}s`,
    `period=${given.periodSeconds ?? 10}s`,
    `#success=${given.successThreshold ?? 1}`,
    `#failure=${given.failureThreshold ?? 3}`,
  ];
  return [probeTarget(given), ...timing].join(' ');
}

function probeTarget({ exec, httpGet, tcpSocket, grpc }: V1Probe): string {
  if (exec) return `exec [${(exec.command ?? []).join(' ')}]`;
  if (httpGet) {
    const scheme = (httpGet.scheme ?? 'HTTP').toLowerCase();
    return `http-get ${scheme}://${httpGet.host ?? ''}:${httpGet.port}${httpGet.path ?? '/'}`;
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port}`;
  return grpc ? `grpc <pod>:${grpc.port} ${grpc.service ?? ''}`.trimEnd() : 'unknown';
}

function sources(container: V1Container): Entry[] {
  const names = (container.envFrom ?? []).map(({ configMapRef, secretRef }) => {
    const reference = configMapRef ?? secretRef;
    return `${reference?.name}  ${configMapRef ? 'ConfigMap' : 'Secret'}  Optional: ${reference?.optional ?? false}`;
  });
  return names.length > 0 ? [section('Environment Variables from', [lines(names)])] : [];
}

function variable({ name, value, valueFrom }: V1EnvVar): Entry {
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom ?? {};
  const reference = configMapKeyRef ?? secretKeyRef;
  if (reference) {
    const kind = configMapKeyRef ? 'config map' : 'secret';
    return field(
      name,
      `<set to the key '${reference.key}' of ${kind} '${reference.name}'>  Optional: ${reference.optional ?? false}`,
    );
  }
  if (fieldRef) return field(name, `(${fieldRef.fieldPath})`);
  if (resourceFieldRef) return field(name, `(${resourceFieldRef.resource})`);
  return { name, value: value ?? '' };
}

/** Labels or annotations, one a line. */
export function labelled(
  name: string,
  values: Record<string, string> | undefined,
  joint = '=',
): Entry {
  return field(name, pairs(values, joint));
}
