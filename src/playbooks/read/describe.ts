import type { Citation, EvidenceText } from '../../incident/evidence';
import {
  appOfPod,
  emptyContainer,
  type Cited,
  type Container,
  type ContainerState,
  type Picture,
  type PlatformEvent,
  type Pod,
  type Probe,
  type ProbeKind,
} from './picture';
import { addConditions } from './conditions';
import { addRoom, addScale } from './room';
import { addDescribedRoute } from './routes';
import { entryAt, kindOf, sectionOf, type Entry } from './entries';
import { originOf } from './origin';
import { parseAge } from './quantity';
import { opensError } from './stackTrace';

/** True where a `kubectl describe` of one object starts. */
export function startsDescribe(text: EvidenceText, index: number): boolean {
  if (!/^Name:\s+\S/.test(text.lines[index]?.text ?? '')) return false;
  return text.lines
    .slice(index + 1, index + 4)
    .some((line) =>
      /^(?:Namespace|Roles|Labels|Created on|Priority|StorageClass|IsDefaultClass|Status|Start Time|Containers|Selector):/.test(
        line.text,
      ),
    );
}

/** What a section reader found: where it ends, and which lines are worth searching. */
export interface Section {
  end: number;
  events: number[];
  states: number[];
}

/** Reads one described object into the picture. */
export function readDescribe(text: EvidenceText, from: number, picture: Picture): Section {
  const { entries, end } = entriesFrom(text, from);
  const section: Section = { end, events: [], states: [] };
  const tops = entries.filter((entry) => entry.indent === 0);
  const top = (key: string): Entry | undefined => tops.find((entry) => entry.key === key);
  const name = top('Name')?.value ?? '';
  const namespace = top('Namespace')?.value ?? null;
  const isPod = top('Containers') !== undefined && kindOf(tops) === 'object';
  if (isPod) picture.pods.push(readPod(entries, name, namespace));
  const claimStatus =
    kindOf(tops) === 'persistentvolumeclaim' && !isPod ? top('Status') : undefined;
  if (claimStatus) {
    picture.claims.push({
      name,
      namespace,
      status: { value: claimStatus.value, citation: claimStatus.citation },
      storageClass: top('StorageClass')?.value ?? null,
    });
  }
  const eventsAt = entries.findIndex((entry) => entry.indent === 0 && entry.key === 'Events');
  const kind = isPod ? 'pod' : kindOf(tops);
  if (kind === 'node') addRoom(entries, picture);
  if (kind === 'deployment') addScale(name, entries, picture);
  if (!isPod) {
    addConditions(entries, `${kind}/${name}`, namespace, picture);
    addDescribedRoute(kind, name, entries, picture);
  }
  for (const entry of eventsAt < 0 ? [] : entries.slice(eventsAt + 1)) {
    section.events.push(entry.index);
    const event = readEvent(entry.citation, `${kind}/${name}`, namespace);
    if (event) picture.events.push(event);
  }
  section.states = entries
    .slice(0, eventsAt < 0 ? undefined : eventsAt)
    .filter((entry) => /^(?:Message|Reason)$/.test(entry.key) || entry.key === '')
    .map((entry) => entry.index);
  return section;
}

/** Its lines: the events stand last, so what begins behind them, or as an error does, is not its own. */
function entriesFrom(text: EvidenceText, from: number): { entries: Entry[]; end: number } {
  const entries: Entry[] = [];
  let events = false;
  for (let index = from; index < text.lines.length; index++) {
    const line = text.lines[index]?.text ?? '';
    if (line.trim() === '') continue;
    const isOver = /^\S/.test(line) && (events || opensError(line));
    if (isOver || (index > from && startsDescribe(text, index))) return { entries, end: index };
    if (!/^(?:\s|[A-Z][\w /().-]*:(?:\s|$))/.test(line)) return { entries, end: index };
    events ||= line.startsWith('Events:');
    entries.push(entryAt(text, index));
  }
  return { entries, end: text.lines.length };
}

/** A row of the events of `describe`: type, reason, age, source, message. */
function readEvent(
  citation: Citation,
  object: string,
  namespace: string | null,
): PlatformEvent | null {
  const match =
    /^\s+(Normal|Warning)\s+(\S+)\s+(\S+(?: \(x\d+ over [^)]+\))?)\s+(\S+(?: \S+)*?)\s{2,}(\S.*)?$/.exec(
      citation.text,
    );
  if (!match) return null;
  const [, type, reason, age, , message] = match;
  return {
    type: type ?? null,
    reason: reason ?? '',
    object,
    namespace,
    message: message ?? '',
    age: parseAge((age ?? '').replace(/ \(.*$/, '')),
    count: Number(/\(x(\d+) over/.exec(age ?? '')?.[1] ?? 1),
    citation,
    over: false,
  };
}

function readPod(entries: readonly Entry[], name: string, namespace: string | null): Pod {
  const find = (key: string): Entry | undefined =>
    entries.find((entry) => entry.indent === 0 && entry.key === key);
  const labels = sectionOf(entries, 'Labels').map((entry) => entry.value);
  labels.push(find('Labels')?.value ?? '');
  const label = (key: string): string | null =>
    labels.find((value) => value.startsWith(`${key}=`))?.slice(key.length + 1) ?? null;
  const ready = sectionOf(entries, 'Conditions').find((entry) => /^Ready\s/.test(entry.value));
  const status = find('Status');
  const first = find('Name') ?? entries[0];
  return {
    name,
    namespace,
    app: label('app.kubernetes.io/name') ?? label('app') ?? label('k8s-app') ?? appOfPod(name),
    node: find('Node')?.value.replace(/\/.*|^<none>$/, '') || null,
    status: status ? { value: status.value, citation: status.citation } : null,
    ready: ready ? { value: /\bTrue$/.test(ready.value), citation: ready.citation } : null,
    containers: [
      ...readContainers(sectionOf(entries, 'Init Containers')),
      ...readContainers(sectionOf(entries, 'Containers')),
    ],
    origin: originOf(label),
    citation: first?.citation ?? { source: '', line: 1, text: '' },
  };
}

/** Reads what a description holds of containers, each below its name at indent 2. */
export function readContainers(entries: readonly Entry[]): Container[] {
  const containers: Container[] = [];
  let block: Entry[] = [];
  const flush = (): void => {
    const head = block[0];
    if (head) containers.push(readContainer(head, block.slice(1)));
    block = [];
  };
  for (const entry of entries) {
    if (entry.indent === 2 && entry.key !== '' && entry.value === '') flush();
    block.push(entry);
  }
  flush();
  return containers;
}

function readContainer(head: Entry, entries: readonly Entry[]): Container {
  const value = (key: string): Cited<string> | null => {
    const entry = entries.find((candidate) => candidate.indent === 4 && candidate.key === key);
    return entry && entry.value !== '' ? { value: entry.value, citation: entry.citation } : null;
  };
  const below = (key: string): Entry[] => {
    const start = entries.findIndex((entry) => entry.indent === 4 && entry.key === key);
    if (start < 0) return [];
    const rest = entries.slice(start + 1);
    const end = rest.findIndex((entry) => entry.indent <= 4 && entry.key !== '');
    return end < 0 ? rest : rest.slice(0, end);
  };
  const ready = value('Ready');
  const restarts = value('Restart Count');
  const port = value('Port') ?? value('Ports');
  const command = below('Command')[0];
  const image = value('Image');
  return {
    ...emptyContainer(head.key),
    image,
    state: readState(value('State'), below('State')),
    lastState: readState(value('Last State'), below('Last State')),
    ready: ready && { value: ready.value === 'True', citation: ready.citation },
    restarts: restarts && { value: Number(restarts.value), citation: restarts.citation },
    limits: amounts(below('Limits')),
    requests: amounts(below('Requests')),
    probes: readProbes(value, port),
    ports: portsOf(port),
    environment: amounts(below('Environment')),
    command: command ? { value: command.value, citation: command.citation } : null,
  };
}

function amounts(entries: readonly Entry[]): Record<string, Cited<string>> {
  return Object.fromEntries(
    entries
      .filter((entry) => entry.key !== '' && entry.value !== '')
      .map((entry) => [entry.key, { value: entry.value, citation: entry.citation }]),
  );
}

function portsOf(port: Cited<string> | null): Cited<number>[] {
  const numbers = (port?.value ?? '').matchAll(/\b(\d+)\/(?:TCP|UDP|SCTP)/g);
  return port
    ? [...numbers].map((match) => ({ value: Number(match[1]), citation: port.citation }))
    : [];
}

function readState(kind: Cited<string> | null, entries: readonly Entry[]): ContainerState | null {
  const word = kind?.value.toLowerCase();
  if (word !== 'waiting' && word !== 'running' && word !== 'terminated') return null;
  const find = (key: string): Cited<string> | null => {
    const entry = entries.find((candidate) => candidate.key === key);
    return entry ? { value: entry.value, citation: entry.citation } : null;
  };
  const exit = find('Exit Code');
  const time = (key: string): number | null => {
    const parsed = Date.parse(find(key)?.value ?? '');
    return Number.isNaN(parsed) ? null : parsed;
  };
  return {
    kind: word,
    reason: find('Reason'),
    message: find('Message'),
    exitCode: exit && { value: Number(exit.value), citation: exit.citation },
    startedAt: time('Started'),
    finishedAt: time('Finished'),
  };
}

function readProbes(
  value: (key: string) => Cited<string> | null,
  ports: Cited<string> | null,
): Partial<Record<ProbeKind, Probe>> {
  const probes: Partial<Record<ProbeKind, Probe>> = {};
  const kinds = { liveness: 'Liveness', readiness: 'Readiness', startup: 'Startup' } as const;
  for (const kind of ['liveness', 'readiness', 'startup'] as const) {
    const text = value(kinds[kind]);
    if (text) probes[kind] = parseProbe(text, portsOf(ports)[0]?.value ?? null);
  }
  return probes;
}

/** `http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3` */
function parseProbe(text: Cited<string>, onlyPort: number | null): Probe {
  const number = (name: string): number | null => {
    const match = new RegExp(`${name}=(\\d+)`).exec(text.value);
    return match ? Number(match[1]) : null;
  };
  const target = /https?:\/\/[^:/\s]*:([\w-]+)(\/\S*)?/.exec(text.value);
  const socket = /(?:tcp-socket|grpc)\s+\S*?:(\d+)/.exec(text.value);
  const port = target?.[1] ?? socket?.[1] ?? null;
  return {
    citation: text.citation,
    path: target ? (target[2] ?? '/') : null,
    port: port === null ? null : /^\d+$/.test(port) ? Number(port) : onlyPort,
    initialDelaySeconds: number('delay'),
    periodSeconds: number('period'),
    timeoutSeconds: number('timeout'),
    failureThreshold: number('failure'),
  };
}
