import type { EvidenceLine } from '../../incident/evidence';
import { formOf } from './form';

/** Longer texts are logs. */
const most = 1000;

const fence = /^\s*(?:```|~~~)/;
const heading = /^(?:#{2,4} \S|# [A-Z])/;
/** A point of a list that is a sentence, as against a list of values. */
const point = /^\s{0,3}(?:[-*•]|\d+[.)])\s+(?:[^\s:]+:?\s+){4}\S/;
const sentence = /^[A-Z"'“(](?:\S+\s+){11}.*[.?!:]["'”)]?$/;
/** `[10:02] maria: …`: people give no seconds. */
const said = /^\[?\d{1,2}:\d\d\]? <?@?[\w.-]+>?: \S/;
const rule = /^\s*- (?:alert|record): \S/;
const expression = /^\s*expr: ?\S/;
/** What Helm prints of a chart below its status. */
const notes = /^NOTES:$/;

/**
 * Which lines were written by people for people, who name failures that did not happen here: a
 * runbook, a change log, a chat, the rules of alerts, the notes of a chart. What such a text quotes
 * between fences is no part of it.
 */
export function documentLines(lines: readonly EvidenceLine[]): ReadonlySet<number> {
  if (lines.length > most) return new Set();
  const texts = lines.map(({ text }) => text);
  const below = texts.findIndex((text) => notes.test(text));
  const start = isDocument(outsideFences(texts)) ? 0 : below < 0 ? texts.length : below;
  let fenced = false;
  return new Set(
    texts.flatMap((text, at) => {
      const isFence = fence.test(text);
      if (isFence) fenced = !fenced;
      return at >= start && (isFence || !fenced) ? [at] : [];
    }),
  );
}

function outsideFences(texts: readonly string[]): string[] {
  let fenced = false;
  return texts.filter((text) => {
    const isFence = fence.test(text);
    if (isFence) fenced = !fenced;
    return !isFence && !fenced && text.trim() !== '';
  });
}

function isDocument(texts: readonly string[]): boolean {
  const count = (pattern: RegExp): number =>
    texts.filter((text) => pattern.test(text.slice(0, 500))).length;
  if (count(rule) > 0 && count(expression) > 0) return true;
  if (texts.some((text) => formOf(text) !== '')) return false;
  if (count(heading) > 0 && count(point) >= 2) return true;
  const mostly = texts.length * 0.6;
  return [said, sentence].some((form) => count(form) >= Math.max(3, mostly));
}
