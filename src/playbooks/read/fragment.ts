import type { EvidenceText } from '../../incident/evidence';
import { readContainers, type Section } from './describe';
import { entryAt, type Entry } from './entries';
import { appOfPod, isHealthy, type Picture } from './picture';

/** What `describe` prints of a container, one step in from its name. */
const ofContainer =
  /^(?:Container ID|Image|Image ID|Ports?|Host Ports?|Command|Args|State|Last State|Ready|Restart Count|Limits|Requests|Liveness|Readiness|Startup|Environment|Mounts)$/;
const opening =
  /^(?:(?:Init )?Containers:\s*$| {2}[a-z0-9][a-z0-9-]*:\s*$|\s*(?:Container ID|Image|Image ID|State|Last State):\s)/;
const stated = /^\s*(?:Last )?State:\s+(?:Waiting|Running|Terminated)\s*$/;
const detail = /^\s*(?:Reason|Exit Code|Started|Restart Count):\s/;
/** `Key: value`, or a row of what a key holds. */
const inside = /^\s*[A-Za-z][\w /.-]*:(?:\s|$)|^\s{6,}\S/;
const beyond = /^(?:Conditions|Volumes|QoS Class|Node-Selectors|Tolerations|Events):/;

/** So many lines of a container stand before its state at most. */
const reach = 60;

/** So far away, and among so many pods, its owner is looked for. */
const near = 300;

/** True where the containers' part of a `kubectl describe pod` starts that was copied without its head. */
export function startsFragment({ lines }: EvidenceText, index: number): boolean {
  if (!opening.test(lines[index]?.text ?? '')) return false;
  const block = lines.slice(index, index + reach).map(({ text }) => text);
  const end = block.findIndex((text) => beyond.test(text) || !inside.test(text));
  const part = end < 0 ? block : block.slice(0, end);
  return part.some((text) => stated.test(text)) && part.some((text) => detail.test(text));
}

/** Reads such a part as a pod, named by the events that stand in the same text where there are any. */
export function readFragment(text: EvidenceText, from: number, picture: Picture): Section {
  const entries: Entry[] = [];
  let index = from;
  for (; index < text.lines.length; index++) {
    const line = text.lines[index]?.text ?? '';
    if (beyond.test(line) || !inside.test(line)) break;
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
