import type { EvidenceLine } from '../../incident/evidence';
import { chatLines } from './chat';
import { formOf } from './form';
import { isFailure, levelOf } from './level';
import { opensError } from './stackTrace';

/** Longer texts are logs. */
const most = 1000;

const fence = /^\s*(?:```|~~~)/;
const heading = /^(?:#{2,4} \S|# [A-Z])/;
const bullet = /^\s{0,3}(?:[-*•]|\d+[.)])\s+/;
/** A point of a list that is a sentence, as against a list of values. */
const point = /^\s{0,3}(?:[-*•]|\d+[.)])\s+(?:[^\s:]+:?\s+){4}\S/;
const sentence = /^[A-Z"'“](?:\S+\s+){11}(?:\S.*)?[.?!:]["'”)]?$/;
/** Numbers, addresses and fields are of one moment: people who explain something write none. */
const particular = /\d{4}|\d\.\d|:\d|\w=\S/;

const rule = /^(\s*)- (?:alert|record): \S/;
const expression = /^\s*expr: ?\S/;
/** What stands around the rules of alerts. */
const frame = /^\s*(?:groups|rules|(?:- )?name|interval):(?: \S+)?$/;

/** What Helm prints of a chart below its status. */
const notes = /^NOTES:$/;
const release = /^(?:LAST DEPLOYED|NAMESPACE|STATUS|REVISION): \S/;
/** So many lines of the status stand before the notes. */
const statusLines = 8;
const prompt = /^(?:[\w.@:~/ [\]-]{0,60}[$#>]|PS \S+>) \S/;

/**
 * Which lines were written by people for people, who name failures that did not happen here: the
 * points of a runbook, a change log, a chat, the rules of alerts, the notes of a chart. Only such
 * lines, never all of a text: a log may stand beside them, between fences or without.
 */
export function documentLines(lines: readonly EvidenceLine[]): ReadonlySet<number> {
  if (lines.length > most) return new Set();
  const texts = lines.map(({ text }) => (text.length > 500 ? text.slice(0, 500) : text));
  return new Set([
    ...headedLines(texts),
    ...chatLines(texts),
    ...ruleLines(texts),
    ...noteLines(texts),
  ]);
}

/** Headings, points and paragraphs of a text that has headings and points, and no log beside them. */
function headedLines(texts: readonly string[]): number[] {
  const quoted = insideFences(texts);
  const own = texts.filter((_, at) => !quoted.has(at));
  const headed = own.some((text) => heading.test(text));
  if (!headed || own.filter((text) => point.test(text)).length < 2) return [];
  if (own.some((text) => formOf(text) !== '')) return [];
  return texts.flatMap((text, at) => {
    const explains = [fence, heading, point, sentence].some((form) => form.test(text));
    return explains && !quoted.has(at) && !happened(text) ? [at] : [];
  });
}

/** True for words that a program wrote, wherever somebody put them down. */
function happened(text: string): boolean {
  if (heading.test(text)) return false;
  const words = text.replace(bullet, '');
  return levelOf(words) !== null || opensError(words) || particular.test(words);
}

function insideFences(texts: readonly string[]): ReadonlySet<number> {
  let fenced = false;
  return new Set(
    texts.flatMap((text, at) => {
      if (fence.test(text)) fenced = !fenced;
      else if (fenced) return [at];
      return [];
    }),
  );
}

/** The rules of alerts: each with what is indented below it, and what frames them. */
function ruleLines(texts: readonly string[]): number[] {
  const rules = texts.flatMap((text, from) => {
    const indent = rule.exec(text)?.[1]?.length;
    if (indent === undefined) return [];
    const below = texts.slice(from + 1);
    const length = below.findIndex((line) => line.search(/\S/) <= indent && line.trim() !== '');
    const end = length < 0 ? texts.length : from + 1 + length;
    const block = texts.slice(from, end);
    return block.some((line) => expression.test(line)) ? block.map((_, at) => from + at) : [];
  });
  if (rules.length === 0) return [];
  return [...rules, ...texts.flatMap((text, at) => (frame.test(text) ? [at] : []))];
}

/** The notes of a chart, up to the next command or to what a program says. */
function noteLines(texts: readonly string[]): number[] {
  const from = texts.findIndex((text) => notes.test(text));
  const status = texts.slice(Math.max(0, from - statusLines), Math.max(0, from));
  if (!status.some((text) => release.test(text))) return [];
  const length = texts.slice(from + 1).findIndex(endsNotes);
  const end = length < 0 ? texts.length : from + 1 + length;
  return Array.from({ length: end - from }, (_, at) => from + at);
}

function endsNotes(text: string): boolean {
  const level = levelOf(text);
  const fails = isFailure(level);
  return fails || prompt.test(text) || formOf(text) !== '' || opensError(text);
}
