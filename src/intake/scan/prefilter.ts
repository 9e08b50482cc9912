import { buildLiteralMatcher, literalsIn, type LiteralMatcher } from '../../base/literalMatcher';

/** What makes a line of a large log worth keeping. */
export interface PrefilterPattern {
  /**
   * ASCII, case ignored: at least one occurs in every line that `pattern` matches. Without any,
   * the pattern is tried on every line, which is slow.
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

/** The first of `candidates` that matches. */
export function firstMatch(
  prefilter: Prefilter,
  candidates: Iterable<number>,
  line: string,
): Match | null {
  let best: Match | null = null;
  for (const index of candidates) {
    if (best && index > best.pattern) continue;
    const at = prefilter.patterns[index]?.exec(line)?.index;
    if (at !== undefined) best = { pattern: index, at };
  }
  return best;
}

/** Looks for any pattern in one line of text. */
export function matchLine(prefilter: Prefilter, line: string): Match | null {
  const candidates = new Set(prefilter.always);
  for (const literal of literalsIn(prefilter.matcher, line))
    for (const pattern of prefilter.announcedBy[literal] ?? []) candidates.add(pattern);
  return firstMatch(prefilter, candidates, line);
}
