import type { Category } from '../../incident/category';
import type { Finding, Layer, Playbook } from '../playbook';
import { isFailure } from '../read/level';
import type { LogLine } from '../read/logLine';
import type { Reading } from '../read/reading';
import { isWell } from './health';
import { playbookOf } from './layer';
import { isLasting, wasOvercome } from './overcome';
import { answeredElsewhere, isBehind, isWatching } from './recovery';
import type { Hit } from './search';
import { complains } from './complaint';
import { voicesIn, writerOf } from './voice';

/** Drops what a later line of the same writer shows to be over. */
export function withoutRecovered(
  findings: readonly Finding[],
  hits: readonly Hit[],
  reading: Reading,
): Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { category, citation, order } = finding;
    const key = `${category} ${citation.source} ${writerOf(reading.lines[order]) ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  const voices = voicesIn(reading.lines);
  const complaining = new Map<readonly LogLine[], ReadonlySet<LogLine>>();
  const complaintsOf = (group: readonly Finding[], own: readonly LogLine[]): LogLine[] => {
    const bad = complaining.get(own) ?? new Set(own.filter(complains));
    complaining.set(own, bad);
    const failed = new Set(group.map((finding) => finding.order));
    return own.filter((other) => failed.has(other.order) || bad.has(other));
  };
  const endings = hits.filter((hit) => endingKinds.has(hit.pattern.use.kind));
  return [...groups.values()].flatMap((group) => {
    const last = group.reduce((latest, finding) =>
      finding.order > latest.order ? finding : latest,
    );
    const playbook = playbookOf(last.category);
    const line = reading.lines[last.order];
    if (line?.kind !== 'log') return group;
    const own = voices.of(line);
    if (
      isPassing(playbook) &&
      (wasOvercome(line, own) ||
        calmAfterWarning(line, own) ||
        wentOn(complaintsOf(group, own), own, reading))
    )
      return [];
    if (
      outlived.has(playbook?.category) &&
      warnedOnce(group, reading) &&
      calmAfterWarning(line, own)
    )
      return [];
    if (canPass(playbook, group) && isBehind(complaintsOf(group, own), own)) return [];
    const warned = group.every(({ order }) => reading.lines[order]?.level === 'warn');
    const ended = endings.some((hit) => {
      const ending = reading.lines[hit.index];
      return (
        ending && voices.of(ending) === own && ends(hit, ending, playbook, last, warned, reading)
      );
    });
    return ended ? [] : group;
  });
}

const endingKinds: ReadonlySet<string> = new Set(['recovery', 'got-over', 'serves', 'provoked']);

const passing: ReadonlySet<Layer | undefined> = new Set<Layer>(['service', 'peer', 'network']);

/**
 * A victim of a deadlock tries again, what hangs writes no more, and who only warns of an exception
 * has handled it: a calm program got over each, where it warned once and lost nothing.
 */
const outlived: ReadonlySet<Category | undefined> = new Set<Category>([
  'database-deadlock',
  'application-hung',
  'unhandled-exception',
]);

function isPassing(playbook: Playbook | undefined): boolean {
  return passing.has(playbook?.layer);
}

/** What a program alone can get over as well: room is made, and one path is not all. */
const transient: ReadonlySet<Category | undefined> = new Set<Category>([
  'disk-full',
  'fd-exhausted',
  'permission-denied',
]);

function canPass(playbook: Playbook | undefined, group: readonly Finding[]): boolean {
  if (playbook?.category === 'unhandled-exception') return isSupervised(group);
  return (
    transient.has(playbook?.category) && new Set(group.map(({ facts }) => facts.path)).size === 1
  );
}

/** A supervisor starts Erlang's processes again, as is meant: one crash is no end of the program. */
function isSupervised(group: readonly Finding[]): boolean {
  const once = new Set(group.map(({ key }) => key)).size === group.length;
  return once && group.some(({ citation }) => /\bGenServer \S+ terminating/.test(citation.text));
}

/** The share of calm lines behind a warning that shows that it was only that. */
const mostly = 0.75;

/** A program that did its ordinary work after its last complaint got what it wanted. */
function wentOn(bad: readonly LogLine[], own: readonly LogLine[], { lines }: Reading): boolean {
  return isBehind(bad, own) || answeredElsewhere(bad, lines);
}

function warnedOnce(group: readonly Finding[], reading: Reading): boolean {
  const warnings = new Set(
    group.flatMap(({ order }) => (reading.lines[order]?.level === 'warn' ? order : [])),
  );
  return warnings.size <= 1 && !group.some(({ citation }) => isLasting(citation.text));
}

const retries = /\b(?:retry(?:ing)?|will (?:re)?try again|resending)\b/i;

/** Fewer calm lines are enough where it said that it tries again, and one of them says that it is well. */
function calmAfterWarning(line: LogLine, own: readonly LogLine[]): boolean {
  if (line.level !== 'warn') return false;
  const later = own.filter(
    (other) =>
      other.order > line.order &&
      other.message.trim() !== '' &&
      !other.continues &&
      !isWatching(other),
  );
  const calm = later.filter((other) => other.level === 'info' || other.level === 'debug');
  const announced = retries.test(line.message) && calm.some(isWell);
  return calm.length >= (announced ? 2 : 3) && calm.length >= later.length * mostly;
}

/** @param line of the program that failed: the one with the hit */
function ends(
  hit: Hit,
  line: LogLine,
  playbook: Playbook | undefined,
  last: Finding,
  warned: boolean,
  reading: Reading,
): boolean {
  if (line.order <= last.order || isFailure(line.level)) return false;
  if (
    /(?:that's|that is|already|process|is not|not yet|stopp(?:ed|ing)|no longer|wait(?:ing)?(?: for)?)\W*$/i.test(
      hit.before,
    )
  )
    return false;
  const { use } = hit.pattern;
  if (use.kind === 'provoked') return true;
  if (use.kind === 'recovery') return use.playbook === playbook;
  if (use.kind === 'got-over') return isPassing(playbook);
  if (use.kind !== 'serves' || playbook?.endsProgram !== true) return false;
  return (warned && !isBeside(line)) || goesOn(line.order, reading);
}

/** The program still ran some lines later. */
function goesOn(order: number, reading: Reading): boolean {
  const later = reading.lines[order + 5];
  return later !== undefined && later.source === reading.lines[order]?.source;
}

/** A door for who watches it opens also where the program itself does not serve. */
function isBeside({ message }: LogLine): boolean {
  return /\b(?:metrics|admin|health|debug|pprof|management|probe|monitoring)\b/i.test(message);
}
