import {
  appOfPod,
  emptyContainer,
  type Cited,
  type Claim,
  type Condition,
  type Container,
  type ContainerState,
  type Picture,
  type PlatformEvent,
  type Pod,
  type Probe,
} from './picture';
import { originOf } from './origin';
import { addRouteObject } from './routes';
import { at, textAt, type Node } from './tree';

/** Adds what an object of `kubectl get -o yaml|json` (or a List of them) says. */
export function addKubernetesObject(root: Node, picture: Picture): void {
  const items = at(root, 'items')?.items;
  if (items && items.length > 0) {
    items.forEach((item) => addKubernetesObject(item, picture));
    return;
  }
  const kind = textAt(root, 'kind') ?? (at(root, 'status', 'containerStatuses') ? 'Pod' : null);
  if (kind === 'Pod') {
    picture.pods.push(podOf(root));
    picture.conditions.push(
      ...conditionsOf(root, kind).filter(({ type }) => type === 'DisruptionTarget'),
    );
  }
  if (kind === 'Event') picture.events.push(eventOf(root));
  if (kind === 'PersistentVolumeClaim') picture.claims.push(...claimOf(root));
  if (kind !== null && kind !== 'Pod') {
    picture.conditions.push(...conditionsOf(root, kind));
    addRouteObject(kind, root, picture);
  }
}

function cited(node: Node | undefined): Cited<string> | null {
  return node?.value ? { value: node.value, citation: node.citation } : null;
}

function citedNumber(node: Node | undefined): Cited<number> | null {
  const value = Number(node?.value ?? Number.NaN);
  return node && Number.isFinite(value) ? { value, citation: node.citation } : null;
}

function citedFlag(node: Node | undefined): Cited<boolean> | null {
  return node?.value ? { value: /^true$/i.test(node.value), citation: node.citation } : null;
}

function podOf(root: Node): Pod {
  const name = textAt(root, 'metadata', 'name') ?? 'pod';
  const labels = at(root, 'metadata', 'labels');
  const ready = at(root, 'status', 'conditions')?.items.find(
    (condition) => textAt(condition, 'type') === 'Ready',
  );
  const phase = at(root, 'status', 'reason') ?? at(root, 'status', 'phase');
  const main = containersOf(root, 'containers', 'containerStatuses');
  const init = containersOf(root, 'initContainers', 'initContainerStatuses');
  return {
    name,
    namespace: textAt(root, 'metadata', 'namespace'),
    app:
      textAt(labels, 'app.kubernetes.io/name') ??
      textAt(labels, 'app') ??
      textAt(labels, 'k8s-app') ??
      appOfPod(name),
    node: textAt(root, 'spec', 'nodeName'),
    status: cited(phase),
    ready: citedFlag(at(ready, 'status')),
    containers: [...init, ...main],
    origin: originOf((key) => textAt(labels, key)),
    citation: at(root, 'metadata', 'name')?.citation ?? root.citation,
  };
}

function containersOf(root: Node, specs: string, statuses: string): Container[] {
  const bySpec = at(root, 'spec', specs)?.items ?? [];
  const byStatus = at(root, 'status', statuses)?.items ?? [];
  const names = new Set(
    [...bySpec, ...byStatus].map((node) => textAt(node, 'name')).filter((name) => name !== null),
  );
  return [...names].map((name) => {
    const spec = bySpec.find((node) => textAt(node, 'name') === name);
    const status = byStatus.find((node) => textAt(node, 'name') === name);
    return containerOf(name, spec, status);
  });
}

function containerOf(name: string, spec: Node | undefined, status: Node | undefined): Container {
  const ports = at(spec, 'ports')?.items ?? [];
  const named = new Map(
    ports.map((port) => [textAt(port, 'name'), Number(textAt(port, 'containerPort'))]),
  );
  const command = at(spec, 'command')?.items[0];
  return {
    ...emptyContainer(name),
    image: cited(at(spec, 'image') ?? at(status, 'image')),
    state: stateOf(at(status, 'state')),
    lastState: stateOf(at(status, 'lastState')),
    ready: citedFlag(at(status, 'ready')),
    restarts: citedNumber(at(status, 'restartCount')),
    limits: amounts(at(spec, 'resources', 'limits')),
    requests: amounts(at(spec, 'resources', 'requests')),
    probes: Object.fromEntries(
      (['liveness', 'readiness', 'startup'] as const).flatMap((kind) => {
        const probe = at(spec, `${kind}Probe`);
        return probe ? [[kind, probeOf(probe, named)]] : [];
      }),
    ),
    ports: ports.flatMap((port) => citedNumber(at(port, 'containerPort')) ?? []),
    command: cited(command),
    environment: environmentOf(spec),
  };
}

function environmentOf(spec: Node | undefined): Record<string, Cited<string>> {
  return Object.fromEntries(
    (at(spec, 'env')?.items ?? []).flatMap((variable) => {
      const name = textAt(variable, 'name');
      const value = cited(at(variable, 'value'));
      return name && value ? [[name, value]] : [];
    }),
  );
}

function amounts(node: Node | undefined): Record<string, Cited<string>> {
  return Object.fromEntries(
    [...(node?.children ?? [])].flatMap(([key, child]) => {
      const amount = cited(child);
      return amount ? [[key, amount]] : [];
    }),
  );
}

function stateOf(node: Node | undefined): ContainerState | null {
  const [kind, inner] = [...(node?.children ?? [])][0] ?? [];
  if (!inner || (kind !== 'waiting' && kind !== 'running' && kind !== 'terminated')) return null;
  const time = (key: string): number | null => {
    const parsed = Date.parse(textAt(inner, key) ?? '');
    return Number.isNaN(parsed) ? null : parsed;
  };
  return {
    kind,
    reason: cited(at(inner, 'reason')),
    message: cited(at(inner, 'message')),
    exitCode: citedNumber(at(inner, 'exitCode')),
    startedAt: time('startedAt'),
    finishedAt: time('finishedAt'),
  };
}

function probeOf(node: Node, named: ReadonlyMap<string | null, number>): Probe {
  const target = at(node, 'httpGet') ?? at(node, 'tcpSocket') ?? at(node, 'grpc');
  const port = textAt(target, 'port');
  const seconds = (key: string): number | null => {
    const value = textAt(node, key);
    return value === null ? null : Number(value);
  };
  return {
    citation: node.citation,
    path: textAt(target, 'path'),
    port: port === null ? null : /^\d+$/.test(port) ? Number(port) : (named.get(port) ?? null),
    initialDelaySeconds: seconds('initialDelaySeconds'),
    periodSeconds: seconds('periodSeconds'),
    timeoutSeconds: seconds('timeoutSeconds'),
    failureThreshold: seconds('failureThreshold'),
  };
}

function eventOf(root: Node): PlatformEvent {
  const involved = at(root, 'involvedObject') ?? at(root, 'regarding');
  const kind = textAt(involved, 'kind');
  const name = textAt(involved, 'name');
  const message = at(root, 'message') ?? at(root, 'note') ?? root;
  return {
    type: textAt(root, 'type'),
    reason: textAt(root, 'reason') ?? '',
    object: kind && name ? `${kind.toLowerCase()}/${name}` : null,
    namespace: textAt(involved, 'namespace'),
    message: message.value ?? '',
    age: null,
    seenAt: momentOf(root),
    count: Number(textAt(root, 'count') ?? 1),
    citation: message.citation,
    over: false,
  };
}

function conditionsOf(root: Node, kind: string): Condition[] {
  const object = `${kind.toLowerCase()}/${textAt(root, 'metadata', 'name') ?? ''}`;
  const conditions = at(root, 'status', 'conditions')?.items ?? [];
  return conditions.flatMap((condition): Condition[] => {
    const type = at(condition, 'type');
    const status = textAt(condition, 'status');
    if (!type?.value || status === null) return [];
    return [
      {
        object,
        namespace: textAt(root, 'metadata', 'namespace'),
        type: type.value,
        status,
        reason: textAt(condition, 'reason'),
        message: textAt(condition, 'message'),
        citation: (at(condition, 'reason') ?? type).citation,
      },
    ];
  });
}

/** When an event was last seen; of a series the last of it. */
function momentOf(root: Node): number | null {
  const times = [
    at(root, 'series', 'lastObservedTime'),
    at(root, 'lastTimestamp'),
    at(root, 'eventTime'),
    at(root, 'metadata', 'creationTimestamp'),
  ].map((node) => Date.parse(node?.value ?? ''));
  return times.find((time) => !Number.isNaN(time)) ?? null;
}

function claimOf(root: Node): Claim[] {
  const status = cited(at(root, 'status', 'phase'));
  const name = textAt(root, 'metadata', 'name');
  if (!status || !name) return [];
  return [
    {
      name,
      namespace: textAt(root, 'metadata', 'namespace'),
      status,
      storageClass: textAt(root, 'spec', 'storageClassName'),
    },
  ];
}
