import type { EvidenceText } from '../../incident/evidence';
import { readBareRow } from './bareRows';
import { readCounters } from './counters';
import { readDockerEvents } from './dockerEvents';
import { repeatedDeaths, repeatedEnds, repeatedGoodEnds, repeatedStarts } from './starts';
import { readDescribe, startsDescribe } from './describe';
import { documentLines } from './document';
import { addDockerContainer, isDockerContainer } from './dockerObject';
import { addEcsTasks } from './ecsTask';
import { addKubernetesObject } from './kubernetesObject';
import { readLogLine, type LineKind, type LogLine } from './logLine';
import { messageEnd } from './eventMessage';
import { readRollout, settleEvents } from './events';
import { readFragment, startsFragment } from './fragment';
import { emptyPicture, type Picture } from './picture';
import { readQueues } from './queues';
import { addStats } from './stats';
import { withLevelOf } from './stackTrace';
import { timeIn } from './time';
import { timelineOf, type Timeline } from './timeline';
import { readTable, tableAt } from './tables';
import { readZones } from './zones';
import { at, readJson, readYaml, type Node } from './tree';

/** All evidence, understood: every line, and what the platform's own output says. */
export interface Reading {
  lines: readonly LogLine[];
  picture: Picture;
  timeline: Timeline;
  /** True when every source was read whole, so that absence means something. */
  complete: boolean;
}

/** Reads all evidence. Formats may be mixed in one text, as in a pasted terminal session. */
export function readEvidence(texts: readonly EvidenceText[], now: Date | null): Reading {
  const picture = emptyPicture();
  const lines: LogLine[] = [];
  for (const text of texts) {
    const kinds = readSections(text, picture);
    readCounters(text, picture);
    readQueues(text, picture);
    readZones(text, picture);
    readDockerEvents(text, picture);
    text.lines.forEach((line, index) => {
      readRollout({ source: text.source, line: line.number, text: line.text }, picture);
      const kind = kinds[index] ?? 'log';
      lines.push(
        kind === 'log'
          ? withLevelOf(lines.at(-1), readLogLine(line, text.source, lines.length))
          : {
              source: text.source,
              number: line.number,
              text: line.text,
              kind,
              message: line.text,
              level: null,
              writer: null,
              process: null,
              instance: null,
              form: '',
              continues: false,
              order: lines.length,
            },
      );
    });
  }
  settleEvents(picture);
  picture.starts.push(...repeatedStarts(lines), ...repeatedDeaths(lines));
  picture.ends.push(...repeatedEnds(lines));
  picture.goodEnds.push(...repeatedGoodEnds(lines));
  picture.latest = latestTime(texts) ?? (isFresh(texts) ? (now?.getTime() ?? null) : null);
  return {
    lines,
    picture,
    timeline: timelineOf(picture, lines),
    complete: texts.every((text) => text.complete),
  };
}

/** Finds the platform's output in a text, adds it to the picture and says what each line is. */
function readSections(text: EvidenceText, picture: Picture): LineKind[] {
  const kinds: LineKind[] = [];
  const mark = (from: number, end: number, kind: LineKind): void => {
    for (let index = from; index < end; index++) kinds[index] = kind;
  };
  let index = 0;
  while (index < text.lines.length) {
    const line = text.lines[index]?.text ?? '';
    const end = sectionAt(text, index, line, picture, kinds, mark);
    index = Math.max(end, index + 1);
  }
  for (const at of documentLines(text.lines)) kinds[at] ??= 'document';
  return kinds;
}

function sectionAt(
  text: EvidenceText,
  index: number,
  line: string,
  picture: Picture,
  kinds: LineKind[],
  mark: (from: number, end: number, kind: LineKind) => void,
): number {
  const described = startsDescribe(text, index);
  if (described || startsFragment(text, index)) {
    const section = (described ? readDescribe : readFragment)(text, index, picture);
    mark(index, section.end, described ? 'other' : 'document');
    for (const at of section.events) kinds[at] = 'event';
    for (const at of section.states) kinds[at] = 'state';
    return section.end;
  }
  const table = tableAt(line);
  if (table) {
    const end = readTable(table, text, index, picture);
    mark(index, end, table.events ? 'event' : 'other');
    kinds[index] = 'other';
    return end;
  }
  if (/^(?:- )?(?:apiVersion|kind): \S/.test(line)) {
    const { roots, end } = readYaml(text, index);
    mark(index, end, 'other');
    roots.forEach((root) => addObject(root, picture));
    markMessages(text, index, end, kinds);
    return end;
  }
  if (startsObject(text, index, line)) {
    const { root, end } = readJson(text, index);
    if (root && addObject(root, picture)) {
      mark(index, end, 'other');
      markMessages(text, index, end, kinds);
      return end;
    }
  }
  const number = text.lines[index]?.number ?? 0;
  const row = readBareRow(line, { source: text.source, line: number, text: line }, picture);
  if (!row) return index + 1;
  const end = row.event ? messageEnd(text, index) : index + 1;
  mark(index, end, row.event ? 'event' : 'other');
  return end;
}

/** A printed JSON document, as against a line of a JSON log. */
function startsObject(text: EvidenceText, index: number, line: string): boolean {
  // What is indented belongs to the message before it, such as a validator's list of faults.
  if (line === '[' || line === '{') {
    return /^\s*(?:"|\{|\[)/.test(text.lines[index + 1]?.text ?? '');
  }
  // What the API server answered is what a program logged, no object that somebody looked at.
  if (/^\{"kind":\s*"Status"/.test(line)) return false;
  return (
    /^[[{]/.test(line) &&
    /"(?:apiVersion|kind|items|HostConfig|service_status|containerStatuses|taskArn)"/.test(line)
  );
}

function addObject(root: Node, picture: Picture): boolean {
  const docker = root.items.filter(isDockerContainer);
  docker.forEach((node) => addDockerContainer(node, picture));
  if (isDockerContainer(root)) addDockerContainer(root, picture);
  if (at(root, 'kind') || at(root, 'items')) addKubernetesObject(root, picture);
  const stats = addStats(root, picture);
  const tasks = addEcsTasks(root, picture);
  return docker.length > 0 || root.children.size > 0 || stats || tasks;
}

/** In printed objects only the words of the platform are searched, not what the user configured. */
function markMessages(text: EvidenceText, from: number, end: number, kinds: LineKind[]): void {
  let deeperThan = -1;
  for (let index = from; index < end; index++) {
    const line = text.lines[index]?.text ?? '';
    const indent = line.length - line.trimStart().length;
    const message = /^\s*(?:- )?"?(?:message|note|Error|\w+Reason)"?:/.test(line);
    if (message || (deeperThan >= 0 && indent > deeperThan)) kinds[index] = 'state';
    if (message) deeperThan = indent;
    else if (indent <= deeperThan) deeperThan = -1;
  }
}

/** What a server was just asked for speaks of now; a saved text may be of last week. */
function isFresh(texts: readonly EvidenceText[]): boolean {
  return texts.length > 0 && texts.every((text) => text.source.startsWith('mcp:'));
}

/** The latest time near the end of any source, as the moment that the evidence speaks of. */
function latestTime(texts: readonly EvidenceText[]): number | null {
  const times = texts.flatMap((text) =>
    text.lines.slice(-20).flatMap((line) => {
      const time = timeIn(line.text);
      return time === null ? [] : [time];
    }),
  );
  return times.length > 0 ? Math.max(...times) : null;
}
