import { buildLiteralMatcher, findLiterals } from '../../base/literalMatcher';
import { longLine, lookedBehind, surroundings } from '../../base/surroundings';
import { isSearched, type LogLine } from '../read/logLine';
import { patterns, type Pattern } from './patterns';

/** A pattern that matched a line. */
export interface Hit {
  pattern: Pattern;
  /** Position of the pattern, which names it. */
  id: number;
  index: number;
  text: string;
  /** What stands before and behind the match. */
  before: string;
  after: string;
  groups: Readonly<Record<string, string | undefined>>;
}

/** Literal to the patterns, by position, that it may announce. */
const announced = new Map<string, number[]>();
patterns.forEach((pattern, id) => {
  for (const literal of new Set(pattern.literals)) {
    const ids = announced.get(literal);
    if (ids) ids.push(id);
    else announced.set(literal, [id]);
  }
});
const idsByLiteral = [...announced.values()];
const lineFeed = 10;
const matcher = buildLiteralMatcher([...announced.keys()], lineFeed);

/** Matches every pattern against every line that can match it. */
export function search(lines: readonly LogLine[]): Hit[] {
  const hits: Hit[] = [];
  const seen = new Int32Array(patterns.length).fill(-1);
  /** Up to where the surroundings of a literal were matched, in the line that is looked at. */
  const looked = new Int32Array(patterns.length);
  const lookedIn = new Int32Array(patterns.length).fill(-1);
  lines.forEach((line, index) => {
    if (!isSearched(line)) return;
    findLiterals(matcher, line.message, (literal, end) => {
      for (const id of idsByLiteral[literal] ?? []) {
        if (seen[id] === index) continue;
        if (lookedIn[id] === index && end <= (looked[id] ?? 0)) continue;
        lookedIn[id] = index;
        looked[id] = end + lookedBehind;
        const hit = matchAt(id, line, index, end);
        if (hit || line.message.length <= longLine) seen[id] = index;
        if (hit) hits.push(hit);
      }
    });
  });
  return hits;
}

function matchAt(id: number, line: LogLine, index: number, end: number): Hit | null {
  const pattern = patterns[id];
  if (!pattern) return null;
  const { text } = surroundings(line.message, end);
  const match = pattern.regex.exec(text);
  if (!match) return null;
  const behind = match.index + match[0].length;
  return {
    pattern,
    id,
    index,
    text: match[0],
    before: text.slice(Math.max(0, match.index - 30), match.index),
    after: text.slice(behind, behind + 12),
    groups: match.groups ?? {},
  };
}
