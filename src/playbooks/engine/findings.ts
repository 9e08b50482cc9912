import type { Citation } from '../../incident/evidence';
import { roleWeights, type Finding, type Playbook, type Signal } from '../playbook';
import { appOfWriter } from './app';
import { calmWeights, type Telling } from './calm';
import { factsOfGroups } from './facts';
import { filedApps } from './filed';
import { isMention } from './mention';
import type { Hit } from './search';
import { isFailure } from '../read/level';
import type { LogLine } from '../read/logLine';
import { appOfObject, type Picture, type PlatformEvent } from '../read/picture';
import { factsOfPlace, placeIn } from '../read/place';
import type { Reading } from '../read/reading';
import { blockOf, isQuotedCode } from '../read/stackTrace';
import { playbooks } from '../registry';

/** What is quoted, or done without, counts this much. */
const quiet = 0.35;

/** Everything in the evidence that speaks for some category. */
export function findAll(reading: Reading, hits: readonly Hit[]): Finding[] {
  const events = eventsByLine(reading.picture);
  const calmWeight = calmWeights(reading.lines);
  const filed = filedApps(reading);
  const found: Finding[] = [];
  for (const { hit, telling } of firstAndLast(hits, reading)) {
    const { use } = hit.pattern;
    const line = reading.lines[hit.index];
    if (use.kind !== 'signal' || !line) continue;
    const event = eventAt(hit.index, reading, events);
    if (event?.over || !counts(hit, use.signal, line)) continue;
    const finding = judge(hit, use, reading, event, () => calmWeight(telling));
    if (finding) found.push({ ...finding, app: finding.app ?? filed.get(line.source) ?? null });
  }
  for (const playbook of playbooks) {
    found.push(...(playbook.inspect?.(reading.picture, reading) ?? []));
  }
  return found.filter((finding) => finding.weight > 0);
}

/** Of a line that repeats without end, as many of the first and of the last as can matter. */
const repeats = 12;

function firstAndLast(hits: readonly Hit[], reading: Reading): { hit: Hit; telling: Telling }[] {
  const groups = new Map<string, { hit: Hit; line: LogLine }[]>();
  for (const hit of hits) {
    const line = reading.lines[hit.index];
    if (hit.pattern.use.kind !== 'signal' || !line) continue;
    const key = `${hit.id} ${line.writer ?? ''} ${line.source}`;
    const group = groups.get(key);
    if (group) group.push({ hit, line });
    else groups.set(key, [{ hit, line }]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) return [];
    const telling = { first: first.line, last: last.line, times: group.length };
    return group
      .filter((_, at) => at < repeats || at >= group.length - repeats)
      .map(({ hit }) => ({ hit, telling }));
  });
}

function keyOf(source: string, line: number): string {
  return `${line} ${source}`;
}

function eventsByLine(picture: Picture): Map<string, PlatformEvent> {
  return new Map(
    picture.events.map((event) => [keyOf(event.citation.source, event.citation.line), event]),
  );
}

/** The event that a line tells, or goes on telling: a probe may have printed several lines. */
function eventAt(
  index: number,
  { lines }: Reading,
  events: ReadonlyMap<string, PlatformEvent>,
): PlatformEvent | undefined {
  for (let at = index; at >= 0; at--) {
    const line = lines[at];
    const event = line && events.get(keyOf(line.source, line.number));
    if (event || line?.kind !== 'event') return event;
  }
  return undefined;
}

/**
 * What stands behind the name of a failure that did not happen. The next field counts something else
 * (`idle=0`), and an address may begin with a zero.
 */
const nothing =
  /^(?: (?:count|total|errors?|failures?|events?|alerts?))?["']?\s*[=:]\s*["']?(?:0(?:\.0+)?(?!\.?\d|x)|(?:none|nil|no|false|never)["']?\s*(?:[,;.)\]}]|$))|^(?:,|["'}]{1,3} )0$/i;

/** Counters that stand at zero, sentences that deny, and mere names of a failure are no signals. */
function counts(hit: Hit, signal: Signal, line: LogLine): boolean {
  if (signal.only === 'platform' && line.kind === 'log') return false;
  if (signal.only === 'log' && line.kind !== 'log') return false;
  if (nothing.test(hit.after)) return false;
  if (/(?:^|[\s(,:])(?:no|0|zero|without|never|not an?) (?:\w+ )?$/i.test(hit.before)) return false;
  return !isMention(hit, line) && !signal.unless?.test(line.message);
}

function judge(
  hit: Hit,
  { playbook, signal }: { playbook: Playbook; signal: Signal },
  reading: Reading,
  event: PlatformEvent | undefined,
  calmWeight: () => number,
): Finding | null {
  const line = reading.lines[hit.index];
  if (!line) return null;
  const refinement = signal.refine?.({
    line,
    groups: hit.groups,
    block: blockOf(reading.lines, hit.index),
    before: linesOf(
      line.source,
      reading.lines.slice(Math.max(0, line.order - context), line.order),
    ),
    after: linesOf(line.source, reading.lines.slice(line.order + 1, line.order + 1 + context)),
    picture: reading.picture,
  });
  if (refinement === null) return null;
  const role = refinement?.role ?? signal.role;
  const weight = refinement?.weight ?? signal.weight ?? roleWeights[role];
  const cited = refinement?.cite ?? line;
  const place = placeIn(line.text);
  const quoted = isQuotedCode(reading.lines, hit.index);
  const without =
    playbook.category !== 'disk-full' &&
    (isOfTelemetry(line) ||
      (playbook.layer === 'origin' && goesWithout(line, reading.lines, hit.index)));
  // Supervisors tell at level info that they give up on a program.
  const supervised = signal.calm === true || (role === 'fact' && playbook.layer === 'loop');
  const calm = !supervised && (cited.level === 'info' || cited.level === 'debug');
  const share = quoted || without ? quiet : calm ? calmWeight() : 1;
  return {
    category: refinement?.category ?? playbook.category,
    key: `${hit.id}`,
    role,
    weight: weight * share,
    citation: citationOf(cited),
    facts: {
      ...factsOfPlace(place),
      ...signal.facts,
      ...factsOfGroups(hit.groups),
      ...refinement?.facts,
    },
    mechanism: refinement?.mechanism ?? signal.mechanism ?? null,
    app: event?.object ? appOfObject(event.object) : (place?.app ?? appOfWriter(line)),
    process: line.process,
    fromLog: line.kind === 'log',
    order: cited.order,
  };
}

/** How a program says that it does without what it could not have. */
const doesWithout =
  /\b(?:continu|proceed|start)ing without\b|\bskipped, trying\b|\bfalling back to\b|\busing (?:the )?defaults?\b/i;

const telemetry =
  /\b(?:traces?|spans?|metrics|telemetry) export(?:er)?\b|\bexport(?:ing)? (?:the |of )?(?:traces?|spans?|metrics|telemetry)\b|\bOTLP\w{0,20}Exporter\b/i;
/** A warning that what the program tells of itself did not reach who watches it: nothing else fails of it. */
function isOfTelemetry({ level, message }: LogLine): boolean {
  return level === 'warn' && telemetry.test(message.slice(0, 200));
}

/**
 * Only a warning, and the same line or the next one says how the program goes on, and it fails of
 * nothing afterwards.
 */
function goesWithout(line: LogLine, lines: readonly LogLine[], index: number): boolean {
  if (line.kind !== 'log' || line.level !== 'warn') return false;
  const isOwn = ({ source, writer }: LogLine) => source === line.source && writer === line.writer;
  const next = lines[index + 1];
  const follows = next && isOwn(next) && next.level !== 'error' ? next.message : '';
  if (!doesWithout.test(line.message) && !doesWithout.test(follows)) return false;
  const bad = (each: LogLine) => isFailure(each.level);
  return !lines.slice(index + 1).some((each) => bad(each) && isOwn(each));
}

/** So many lines tell what a program was about. */
const context = 3;

function linesOf(source: string, lines: readonly LogLine[]): LogLine[] {
  return lines.filter((line) => line.source === source);
}

export function citationOf(line: LogLine): Citation {
  return { source: line.source, line: line.number, text: line.text };
}
