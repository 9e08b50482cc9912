import {
  buildLiteralMatcher,
  findLiterals,
  literalsIn,
  type LiteralMatcher,
} from '../../base/literalMatcher';
import { longLine, lookedBehind, surroundings } from '../../base/surroundings';

/** What makes a line of a large log worth keeping. */
export interface PrefilterPattern {
  /**
   * ASCII, case ignored: at least one occurs in every line that `pattern` matches. Without any,
   * the pattern is tried on every line (of a very long one on its start), which is slow.
   */
  literals: readonly string[];
  pattern: RegExp;
}

/** Patterns as they cross to a worker. */
export type PortablePattern = { literals: readonly string[]; source: string; flags: string };

export function toPortable(patterns: readonly PrefilterPattern[]): PortablePattern[] {
  return patterns.map(({ literals, pattern }) => ({
    literals,
    source: pattern.source,
    flags: pattern.flags,
  }));
}

/** Patterns made ready to look through many lines. */
export interface Prefilter {
  matcher: LiteralMatcher;
  /** Literal → the patterns, by index, that it may announce. */
  announcedBy: readonly (readonly number[])[];
  /** Patterns without literals. */
  always: readonly number[];
  patterns: readonly RegExp[];
}

/** @param lineEndByte see {@link buildLiteralMatcher} */
export function compilePrefilter(
  patterns: readonly PortablePattern[],
  lineEndByte: number,
): Prefilter {
  const announced = new Map<string, number[]>();
  const always: number[] = [];
  patterns.forEach(({ literals }, index) => {
    if (literals.length === 0) always.push(index);
    for (const literal of new Set(literals.map((text) => text.toLowerCase())))
      announced.set(literal, [...(announced.get(literal) ?? []), index]);
  });
  return {
    matcher: buildLiteralMatcher([...announced.keys()], lineEndByte),
    announcedBy: [...announced.values()],
    always,
    // Without "g" and "y" a regular expression keeps no position between lines.
    patterns: patterns.map(({ source, flags }) => new RegExp(source, flags.replace(/[gy]/g, ''))),
  };
}

export interface Match {
  /** Index of the first pattern that matches. */
  pattern: number;
  /** Where in the line it matches. */
  at: number;
}

/** The first of `candidates` that matches; in a very long line, the first that matches around a literal. */
export function firstMatch(
  prefilter: Prefilter,
  candidates: Iterable<number>,
  line: string,
): Match | null {
  if (line.length > longLine) return matchLong(prefilter, line);
  let best: Match | null = null;
  for (const index of candidates) {
    if (best && index > best.pattern) continue;
    const at = prefilter.patterns[index]?.exec(line)?.index;
    if (at !== undefined) best = { pattern: index, at };
  }
  return best;
}

/** Each pattern around its literals only: a line may be megabytes, and few patterns are linear in it. */
function matchLong({ matcher, announcedBy, always, patterns }: Prefilter, line: string) {
  let best: Match | null = null;
  const looked = new Map<number, number>();
  const look = (index: number, end: number): void => {
    if ((best && index >= best.pattern) || end <= (looked.get(index) ?? -1)) return;
    looked.set(index, end + lookedBehind);
    const { from, text } = surroundings(line, end);
    const at = patterns[index]?.exec(text)?.index;
    if (at !== undefined) best = { pattern: index, at: from + at };
  };
  for (const index of always) look(index, 0);
  findLiterals(matcher, line, (literal, end) => {
    for (const index of announcedBy[literal] ?? []) look(index, end);
  });
  return best;
}

/** Looks for any pattern in one line of text. */
export function matchLine(prefilter: Prefilter, line: string): Match | null {
  if (line.length > longLine) return matchLong(prefilter, line);
  const candidates = new Set(prefilter.always);
  for (const literal of literalsIn(prefilter.matcher, line))
    for (const pattern of prefilter.announcedBy[literal] ?? []) candidates.add(pattern);
  return firstMatch(prefilter, candidates, line);
}
