import { sameQuantity } from '../remediation/quantity';
import { endsWith } from '../remediation/yaml/keyPath';
import type { KeyPath } from '../remediation/yaml/keyPath';
import type { ContainerTemplate, SeenWorkload } from './seen';

/** A field of a live object that a value ends up in. */
export interface LiveField {
  /** In words: `limits.memory`. */
  name: string;
  /** What it holds; one for each container that could be meant. */
  held: readonly (string | undefined)[];
  same: (held: string, wanted: string) => boolean;
}

/** An approved edit with its values as parsed; null for what is no single value. */
export interface ApprovedEdit {
  keyPath: KeyPath;
  before: string | null;
  after: string | null;
  /** Name of the variable that the edit gives a value, where it gives the name too. */
  variable: string | null;
}

/** Where the approved values are looked for. */
export interface Looked {
  workload: SeenWorkload;
  /** Those that the failing one could be: it alone where its name is known. */
  containers: readonly ContainerTemplate[];
}

/** Finds the field for an edit; undefined where it is not of this kind. */
type FieldFinder = (path: KeyPath, seen: Looked, edit: ApprovedEdit) => LiveField | undefined;

/** The field of a live object that an edit's value ends up in; undefined where that is not known. */
export function liveFieldOf(edit: ApprovedEdit, looked: Looked): LiveField | undefined {
  for (const find of finders) {
    const field = find(edit.keyPath, looked, edit);
    if (field) return field;
  }
  return undefined;
}

const equal = (held: string, wanted: string) => held === wanted;
const probes = ['liveness', 'readiness', 'startup'] as const;
const probeKeys = {
  path: ({ path }) => path,
  port: ({ port }) => port,
  initialDelaySeconds: (probe) => String(probe.initialDelaySeconds),
  periodSeconds: (probe) => String(probe.periodSeconds),
  timeoutSeconds: (probe) => String(probe.timeoutSeconds),
  failureThreshold: (probe) => String(probe.failureThreshold),
} satisfies Record<string, (probe: Probe) => string | null>;
type Probe = NonNullable<ContainerTemplate['probes']['liveness']>;

/** The fields that charts set from values; the first that fits an edit's key path decides. */
const finders: readonly FieldFinder[] = [
  (path, { containers }) => {
    const kind = (['limits', 'requests'] as const).find((each) => path.at(-2) === each);
    const resource = path.at(-1);
    if (!kind || path.at(-3) !== 'resources' || typeof resource !== 'string') return undefined;
    const held = containers.map((container) => container[kind][resource]);
    return { name: `${kind}.${resource}`, held, same: sameQuantity };
  },
  (path, { containers }) => {
    const probe = probes.find((each) =>
      path.some(
        (part, at) => part === `${each}Probe` || (part === each && path[at - 1] === 'probes'),
      ),
    );
    const key = Object.entries(probeKeys).find(([name]) => name === path.at(-1));
    if (!probe || !key) return undefined;
    const held = containers.map(({ probes: all }) => {
      const found = all[probe];
      return found ? (key[1](found) ?? undefined) : undefined;
    });
    return { name: `${probe} probe's ${key[0]}`, held, same: equal };
  },
  (path, { containers }) => {
    if (!endsWith(path, ['image', 'tag']) && path.at(-1) !== 'imageTag') return undefined;
    const held = containers.map(({ image }) => tagOf(image));
    return { name: 'image tag', held, same: equal };
  },
  (path, { workload }) => {
    if (path.at(-1) !== 'replicas' && path.at(-1) !== 'replicaCount') return undefined;
    return { name: 'replicas', held: [String(workload.workload.desired)], same: equal };
  },
  (path, { containers }) => {
    const name = path.at(-1);
    if (typeof name !== 'string' || !containers.some(({ env }) => name in env)) return undefined;
    const held = containers.map(({ env }) => env[name]);
    return { name: `variable ${name}`, held, same: equal };
  },
  (_, { containers }, { variable }) => {
    if (variable === null) return undefined;
    const held = containers.map(({ env }) => env[variable]);
    return { name: `variable ${variable}`, held, same: equal };
  },
  (path, { workload: { template } }, edit) => {
    if (path.at(-1) !== 'serviceAccountName' && !endsWith(path, ['serviceAccount', 'name'])) {
      return undefined;
    }
    return known('service account', [template.serviceAccount], edit);
  },
  (path, { workload: { template } }, edit) => {
    const label = path.at(-1);
    if (path.at(-2) !== 'nodeSelector' || typeof label !== 'string') return undefined;
    return known(`node selector ${label}`, [template.nodeSelector[label]], edit);
  },
  (path, { workload: { template } }, edit) => {
    const name = 'terminationGracePeriodSeconds';
    return path.at(-1) === name ? known(name, [String(template[name])], edit) : undefined;
  },
  (path, { containers, workload: { template } }, edit) => {
    const key = path.at(-1);
    const level = String(path.at(-2));
    if (typeof key !== 'string' || !/securityContext$/i.test(level)) return undefined;
    const given = level.startsWith('pod') ? [template] : containers;
    return known(
      `security context's ${key}`,
      given.map(({ security }) => security[key]),
      edit,
    );
  },
  (path, { workload }, edit) => {
    const key = path.at(-1);
    if (typeof key !== 'string' || path.at(-2) !== 'selector') return undefined;
    const held = ownServices(path.slice(0, -2), workload).map(({ selector }) => selector[key]);
    return known(`Service's selector ${key}`, held, edit);
  },
  (path, { workload }, edit) => {
    const key = (['port', 'targetPort'] as const).find((each) => each === path.at(-1));
    if (!key) return undefined;
    const own = ownServices(path.slice(0, -1), workload);
    const held = own.flatMap(({ ports }) => ports.map((port) => port[key]));
    return known(`Service's ${key}`, held, edit);
  },
  (path, { workload: { template } }, edit) => {
    const refers = path.slice(-2).some((part) => referring.test(String(part)));
    // Of a key that is new nothing tells a name that stood there before.
    if (!refers || edit.before === null) return undefined;
    return known('names of ConfigMaps, Secrets and claims', template.references, edit);
  },
  // What becomes a part of a command or a variable: `-Xmx512m` in JAVA_OPTS.
  (_, { containers }, { before, after }) => {
    const held = containers.map(({ env, command, args }) =>
      [...Object.values(env), ...command, ...args].join('\n'),
    );
    const isThere = (value: string | null) =>
      value !== null && held.some((text) => holdsWord(text, value));
    // Of a key that is new nothing tells a word that stood there before.
    if (before === null || (!isThere(before) && !isThere(after))) return undefined;
    return { name: 'command, arguments or variables', held, same: holdsWord };
  },
];

/** Keys that name an object beside the workload. */
const referring = /secret|config-?map|existing|claim|ref$/i;

/**
 * The Service that a chart makes of `service`: `ingress.service` and `services.orders` are others'
 * words, and only one that is named like the workload is certain to be its own.
 */
function ownServices(block: KeyPath, { workload, services }: SeenWorkload) {
  const [part, around] = [block.at(-1), block.at(-2)];
  const isOwn = around === undefined || workload.name.includes(String(around));
  return part === 'service' && isOwn ? services.filter(({ name }) => name === workload.name) : [];
}

/** A field whose place is only guessed from the key: it must hold the old value or the new one. */
function known(
  name: string,
  held: LiveField['held'],
  { before, after }: ApprovedEdit,
): LiveField | undefined {
  const isThere = held.some((each) => each !== undefined && (each === before || each === after));
  return isThere ? { name, held, same: equal } : undefined;
}

function tagOf(image: string): string | undefined {
  return /:([\w][\w.-]*)(?:@|$)/.exec(image.slice(image.lastIndexOf('/') + 1))?.[1];
}

/** A short value could stand anywhere by chance. */
const shortestWord = 3;

function holdsWord(held: string, wanted: string): boolean {
  if (wanted.length < shortestWord) return false;
  const literal = wanted.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`).test(held);
}
