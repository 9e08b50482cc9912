import { isData } from '../../base/data';
import type { Data } from '../../base/data';

/**
 * Where loggers, collectors and platforms put the name of the program, what says most first. Names
 * with a dot may stand as one field or as fields within fields.
 */
const keys = [
  'service',
  'service.name',
  'app',
  'application',
  'appName',
  'app_name',
  'serviceName',
  'service_name',
  // OpenTelemetry
  'resource.service.name',
  'resource.attributes.service.name',
  'Resource.service.name',
  'resourceAttributes.service.name',
  'ResourceAttributes.service.name',
  'attributes.service.name',
  // Kubernetes, as its collectors and Cloud Logging write it
  'kubernetes.labels.app.kubernetes.io/name',
  'kubernetes.labels.app',
  'kubernetes.labels.k8s-app',
  'kubernetes.deployment.name',
  'kubernetes.pod_name',
  'kubernetes.pod.name',
  'labels.k8s-pod/app',
  'resource.labels.pod_name',
  // Functions and services of clouds
  'resource.labels.service_name',
  'resource.labels.job_name',
  'resource.labels.function_name',
  'resource.labels.module_id',
  'ContainerAppName',
  'ContainerAppName_s',
  'AppRoleName',
  'cloud_RoleName',
  'function_name',
  // journald and syslog
  'SYSLOG_IDENTIFIER',
  'appname',
  'programname',
  'container_name',
  'container.name',
  'component',
] as const;

/**
 * Keys by the field that they begin with, at whichever dot its name ends, each with its rank: a line
 * has few of the fields that matter, and most have none.
 */
type KeysByField = ReadonlyMap<string, readonly { key: string; rank: number }[]>;

function byField(names: readonly string[]): KeysByField {
  const found = new Map<string, { key: string; rank: number }[]>();
  names.forEach((key, rank) => {
    const parts = key.split('.');
    parts.forEach((_, at) => {
      const field = parts.slice(0, at + 1).join('.');
      found.set(field, [...(found.get(field) ?? []), { key, rank }]);
    });
  });
  return found;
}

const programs = byField(keys);

/** The program that a line of JSON names as its own; null where it names none. */
export function writerOf(fields: Data): string | null {
  // pino and bunyan call it `name`; only then is it the program's.
  const logger = 'pid' in fields || 'hostname' in fields ? nameOf(fields.name) : null;
  return firstName(fields, programs) ?? logger;
}

/** Where loggers and collectors name the replica, by what it keeps when it is started again. */
const instanceKeys = [
  'kubernetes.pod_name',
  'kubernetes.pod.name',
  'resource.labels.pod_name',
  'resource.attributes.k8s.pod.name',
  'k8s.pod.name',
  'pod_name',
  'pod',
  'hostname',
  'host.name',
] as const;

const instances = byField(instanceKeys);

/** Which of a program's replicas wrote a line of JSON; null where it does not say. */
export function instanceOf(fields: Data): string | null {
  return firstName(fields, instances);
}

function firstName(fields: Data, names: KeysByField): string | null {
  const possible: { key: string; rank: number }[] = [];
  // Every line of a JSON log comes by here.
  for (const field of Object.keys(fields)) {
    const found = names.get(field);
    if (found) possible.push(...found);
  }
  for (const { key } of possible.sort((left, right) => left.rank - right.rank)) {
    const name = nameOf(fields[key]) ?? (key.includes('.') ? nameOf(nested(fields, key)) : null);
    if (name !== null) return name;
  }
  return null;
}

/** What stands under a name with dots, of which any may belong to the name of a field. */
function nested(fields: Data, key: string): unknown {
  for (let dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
    const inner = fields[key.slice(0, dot)];
    const rest = key.slice(dot + 1);
    if (Array.isArray(inner)) return attribute(inner, rest);
    if (isData(inner)) return inner[rest] ?? nested(inner, rest);
  }
  return undefined;
}

/** OTLP's attributes: a list of keys with typed values. */
function attribute(list: readonly unknown[], key: string): unknown {
  const found = list.filter(isData).find((item) => item.key === key)?.value;
  return isData(found) ? found.stringValue : found;
}

/** `o.e.b.Bootstrap` names a class of a program, and no program. */
const ofClass = /^(?:[a-z]\w*\.)+[A-Z]\w*$/;

function nameOf(value: unknown): string | null {
  if (isData(value)) return nameOf(value.name);
  if (typeof value !== 'string' || !/^[\w.@/-]{2,80}$/.test(value)) return null;
  return ofClass.test(value) ? null : value;
}
