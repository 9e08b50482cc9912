import type { Advice, FactValues, Question } from '../incident/analysis';
import type { Category, Severity } from '../incident/category';
import type { Citation } from '../incident/evidence';
import type { LogLine } from './read/logLine';
import type { Picture } from './read/picture';
import type { Reading } from './read/reading';

/**
 * What a matching line is worth.
 * - `fact`: the platform itself says so (termination reason, event, kernel line).
 * - `proof`: the failing program says so in its own words.
 * - `symptom`: it fits, and other causes would print it too; never enough alone.
 */
export type Role = 'fact' | 'proof' | 'symptom';

/** How sure one finding of each role makes us, 0 to 1. Several add up as independent witnesses. */
export const roleWeights: Readonly<Record<Role, number>> = { fact: 0.9, proof: 0.75, symptom: 0.3 };

/**
 * How deep a category lies, deepest first: a proven deeper one explains those above it.
 * - `origin`: fails by itself (no memory, no disk, no image, no variable …)
 * - `dependency`: part of the program is missing, which an `origin` may explain
 * - `service`: another service answers, and says what is wrong: locked, exhausted, not allowed
 * - `peer`: a known other service failed; `network`: only the way to some peer is known
 * - `task`: what the program was about when it failed (a migration), which says where, not why
 * - `program`: the program ended with an error of its own
 * - `probe`: what the platform saw from outside; `exit`: it ended, and gave no error
 * - `loop`: it ends again and again; `wrapper`: what was to bring it about did not get there
 */
export const layers = [
  'origin',
  'dependency',
  'service',
  'peer',
  'network',
  'task',
  'program',
  'probe',
  'exit',
  'loop',
  'wrapper',
] as const;
export type Layer = (typeof layers)[number];

/**
 * A line pattern. Named groups that are names of facts (`(?<port>\d+)`) become facts. Patterns are
 * linear, ignore case, and use only what `posixPattern` can translate: no lookaround, no lazy or
 * nested quantifiers, no back references.
 */
export interface Signal {
  pattern: RegExp;
  role: Role;
  /** In place of the role's weight. */
  weight?: number;
  /** A line that also matches this is something else. */
  unless?: RegExp;
  /** Only lines of platform events and container states, or only program output. */
  only?: 'platform' | 'log';
  /** Whoever watches programs tells it calmly: level info takes nothing from it. */
  calm?: true;
  /** How the peer failed, for `rootCause.mechanism`. */
  mechanism?: string;
  /** Facts that the match itself implies. */
  facts?: Partial<FactValues>;
  /** Judges a match with its surroundings: another category, another weight, more facts, or none. */
  refine?: (match: Match) => Refinement | null;
}

/** A line that matched, with what a refinement may look at. */
export interface Match {
  line: LogLine;
  groups: Readonly<Record<string, string | undefined>>;
  /** The exception or message that the line is part of: its own line and those that continue it. */
  block: readonly LogLine[];
  /** What the same source said just before. */
  before: readonly LogLine[];
  /** What it said next. */
  after: readonly LogLine[];
  picture: Picture;
}

export interface Refinement {
  category?: Category;
  role?: Role;
  weight?: number;
  mechanism?: string;
  facts?: Partial<FactValues>;
  /** The line of the block that proves it, where it is not the one that matched. */
  cite?: LogLine;
}

/** One piece of evidence for one category. */
export interface Finding {
  category: Category;
  /** Findings of the same key are one witness, however often they repeat. */
  key: string;
  role: Role;
  weight: number;
  citation: Citation;
  facts: Partial<FactValues>;
  mechanism: string | null;
  /** Whose failure the line tells, where the line itself says it. */
  app: string | null;
  /** Program that syslog names, for log lines. */
  process?: string | null;
  /** A program said it, as against the platform. */
  fromLog?: boolean;
  /** Position in the evidence, for "what came first". */
  order: number;
  /** What it weighs for its own application, where it counts less for the one in question. */
  ownWeight?: number;
}

/** What is known when the answer is written. Facts are bare values here. */
export interface Situation {
  facts: Readonly<Partial<FactValues>>;
  app: string | null;
  mechanism: string | null;
  picture: Picture;
  /** The line that proves it best. */
  proof: string;
}

/** What is known of one category. */
export interface Playbook {
  category: Category;
  layer: Layer;
  severity: Severity | ((situation: Situation) => Severity);
  signals: readonly Signal[];
  /** What the parsed platform output says. */
  inspect?: (picture: Picture, reading: Reading) => readonly Finding[];
  /** A later line of the same source that shows that it is over. */
  recovery?: readonly RegExp[];
  /** The program cannot run with it: one that serves again has got over it. */
  endsProgram?: true;
  /** Patterns that only read facts, from any line. */
  extract?: readonly RegExp[];
  /** Words for the search of servers, besides the technologies seen in the cited lines. */
  keywords: readonly string[];
  /** What broke and why, one or two sentences, built from the facts. */
  summary: (situation: Situation) => string;
  /** Read-only calls that would confirm or refute, cheapest first. */
  questions: (situation: Situation) => readonly Question[];
  /** Exact commands whose output would decide. */
  collect: (situation: Situation) => readonly string[];
  advice: (situation: Situation) => Advice;
}

type Options = Omit<Signal, 'pattern' | 'role'>;

/** A line by which the platform itself states the failure. */
export const fact = (pattern: RegExp, options: Options = {}): Signal => ({
  pattern,
  role: 'fact',
  ...options,
});

/** A line by which the failing program states the failure. */
export const proof = (pattern: RegExp, options: Options = {}): Signal => ({
  pattern,
  role: 'proof',
  ...options,
});

/** A line that fits but proves nothing alone. */
export const symptom = (pattern: RegExp, options: Options = {}): Signal => ({
  pattern,
  role: 'symptom',
  ...options,
});
