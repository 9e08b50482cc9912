import type { EvidenceText } from '../../incident/evidence';
import { readContainers, type Section } from './describe';
import { entryAt, type Entry } from './entries';
import { appOfPod, isHealthy, type Picture } from './picture';
import { opensError } from './stackTrace';

/** What `describe` prints of a container, one step in from its name. */
const ofContainer =
  /^(?:Container ID|Image|Image ID|Ports?|Host Ports?|Command|Args|State|Last State|Ready|Restart Count|Limits|Requests|Liveness|Readiness|Startup|Environment|Environment Variables from|Mounts|Devices|SeccompProfile|Lifecycle)$/;
const opening =
  /^(?:(?:Init )?Containers:\s*$| {2}[a-z0-9][a-z0-9-]*:\s*$|\s*(?:Container ID|Image|Image ID|State|Last State):\s)/;
const stated = /^\s*(?:Last )?State:\s+(?:Waiting|Running|Terminated)\s*$/;
const detail = /^\s*(?:Reason|Exit Code|Started|Restart Count):\s/;
/** The lines below a state, and amounts. */
const ofState =
  /^(?:Reason|Message|Exit Code|Signal|Started|Finished|memory|cpu|ephemeral-storage)$/;
/** The name of a container. */
const named = /^ {2}[a-z0-9][a-z0-9-]*:\s*$/;
/** A row of what a key holds: arguments, variables, mounts. */
const row = /^\s{6,}(?!\[?\d{4}-\d\d)(\S+)/;
/** What programs begin a complaint with, and no variable is called. */
const failing = /^\W*(?:warn(?:ing)?|err(?:or)?|fatal|panic|severe|critical)\b/i;
const beyond = /^(?:Conditions|Volumes|QoS Class|Node-Selectors|Tolerations|Events):/;

/** So many lines of a container stand before its state at most. */
const reach = 60;

/** So far away, and among so many pods, its owner is looked for. */
const near = 300;

/** True where the containers' part of a `kubectl describe pod` starts that was copied without its head. */
export function startsFragment(text: EvidenceText, index: number): boolean {
  const { lines } = text;
  if (!opening.test(lines[index]?.text ?? '')) return false;
  const block = lines.slice(index, index + reach).map((line) => line.text);
  const end = block.findIndex((_, at) => !isInside(text, index + at));
  const part = end < 0 ? block : block.slice(0, end);
  return part.some((line) => stated.test(line)) && part.some((line) => detail.test(line));
}

/** Only what a description says: the words of a program that stand below it are no part of it. */
function isInside(text: EvidenceText, index: number): boolean {
  const line = text.lines[index]?.text ?? '';
  if (beyond.test(line)) return false;
  const { key } = entryAt(text, index);
  if (ofContainer.test(key) || ofState.test(key) || named.test(line)) return true;
  if (/^(?:Init )?Containers:\s*$/.test(line)) return true;
  const [, first] = row.exec(line) ?? [];
  return first !== undefined && !failing.test(first) && !opensError(line);
}

/** Reads such a part as a pod, named by the events that stand in the same text where there are any. */
export function readFragment(text: EvidenceText, from: number, picture: Picture): Section {
  const entries: Entry[] = [];
  let index = from;
  for (; index < text.lines.length; index++) {
    if (!isInside(text, index)) break;
    entries.push(placed(entryAt(text, index)));
  }
  const owner = ownerIn(text, from, picture);
  const first = entries.find(({ indent }) => indent > 0);
  const containers = readContainers([
    ...(first && first.indent > 2
      ? [{ ...first, key: owner.container, value: '', indent: 2 }]
      : []),
    ...entries.filter(({ indent }) => indent > 0),
  ]);
  const name = owner.pod ?? containers[0]?.name ?? unnamed;
  picture.pods.push({
    name,
    namespace: null,
    app: name === unnamed ? null : appOfPod(name),
    node: null,
    status: null,
    ready: containers.find(({ ready }) => ready?.value === false)?.ready ?? null,
    containers,
    citation: entryAt(text, from).citation,
  });
  return {
    end: index,
    events: [],
    states: entries.filter(({ key }) => /^(?:Message|Reason|)$/.test(key)).map((it) => it.index),
  };
}

/** Brings an entry to the indent that it has in a whole description, which a selection may have lost. */
function placed(entry: Entry): Entry {
  if (/^(?:Init )?Containers$/.test(entry.key)) return { ...entry, indent: 0 };
  if (ofContainer.test(entry.key)) return { ...entry, indent: 4 };
  return entry.indent === 2 && entry.value === '' ? entry : { ...entry, indent: 6 };
}

/** No name, so it is never told as one. */
const unnamed = '<container>';

/** The pod and container that the kubelet's events name, or the only pod of a list that is not well. */
function ownerIn(
  { lines }: EvidenceText,
  from: number,
  { pods }: Picture,
): { pod: string | null; container: string } {
  for (const { text } of lines.slice(from, from + near)) {
    const match = /failed container ([\w.-]+) in pod ([\w.-]+?)_/.exec(text.slice(0, 400));
    if (match) return { pod: match[2] ?? null, container: match[1] ?? unnamed };
  }
  const unwell = pods.length > near ? [] : pods.filter((pod) => !isHealthy(pod));
  return { pod: unwell.length === 1 ? (unwell[0]?.name ?? null) : null, container: unnamed };
}
