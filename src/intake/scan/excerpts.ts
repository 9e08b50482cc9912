/** A line of the original, not masked yet. */
export interface RawLine {
  /** From 1. */
  number: number;
  text: string;
}

/** Lines around one match. Excerpts of low rank are kept first when not all find room. */
export interface Excerpt {
  rank: number;
  lines: RawLine[];
}

/** How often lines of one shape occurred, shown at its first occurrence. */
export interface Repetition {
  template: number;
  line: number;
  times: number;
}

/** What a scan of one range found. Plain data: it crosses from the worker. */
export interface ScanResult {
  totalLines: number;
  matchedLines: number;
  head: RawLine[];
  tail: RawLine[];
  excerpts: Excerpt[];
  repetitions: Repetition[];
}

/** Templates of one pattern that get excerpts of their own. */
const TEMPLATES = 64;
/** Excerpts with context for one template. */
const FIRST = 2;
/** Last lines of all further templates of a pattern. */
const OVERFLOW = 32;

interface TemplateRecord {
  template: number;
  times: number;
  line: number;
  last: RawLine | null;
  /** In the order of arrival. */
  excerpts: Excerpt[];
}

interface PatternRecord {
  templates: Map<number, TemplateRecord>;
  overflow: RawLine[];
  overflowed: number;
}

/**
 * Chooses which matching lines stay. Every pattern has the same room, and within it every shape
 * of line, so that a million equal errors do not crowd out the one that matters.
 */
export class ExcerptCollector {
  private readonly patterns = new Map<number, PatternRecord>();

  /**
   * Notes a match.
   * @param read gives the line; it is called only if the line is kept
   * @returns the excerpt to add context to, or null when this shape has enough
   */
  add(pattern: number, template: number, number: number, read: () => string): Excerpt | null {
    const record = this.recordOf(pattern);
    const known = record.templates.get(template);
    if (!known && record.templates.size >= TEMPLATES) {
      record.overflow[record.overflowed++ % OVERFLOW] = { number, text: read() };
      return null;
    }
    const entry = known ?? { template, times: 0, line: number, last: null, excerpts: [] };
    if (!known) record.templates.set(template, entry);
    entry.times++;
    if (entry.excerpts.length >= FIRST) {
      entry.last = { number, text: read() };
      return null;
    }
    const excerpt: Excerpt = {
      rank: record.templates.size - 1 + entry.excerpts.length * TEMPLATES,
      lines: [{ number, text: read() }],
    };
    entry.excerpts.push(excerpt);
    return excerpt;
  }

  result(): Pick<ScanResult, 'excerpts' | 'repetitions'> {
    const excerpts: Excerpt[] = [];
    const repetitions: Repetition[] = [];
    for (const record of this.patterns.values()) {
      let index = 0;
      for (const { template, times, line, last, excerpts: own } of record.templates.values()) {
        excerpts.push(...own);
        if (last) excerpts.push({ rank: index, lines: [last] });
        if (times > 1) repetitions.push({ template, line, times });
        index++;
      }
      record.overflow.forEach((line, index) => excerpts.push({ rank: index, lines: [line] }));
    }
    return { excerpts, repetitions };
  }

  private recordOf(pattern: number): PatternRecord {
    const known = this.patterns.get(pattern);
    if (known) return known;
    const record: PatternRecord = { templates: new Map(), overflow: [], overflowed: 0 };
    this.patterns.set(pattern, record);
    return record;
  }
}

/** Puts the results of consecutive ranges together; lines are numbered on from range to range. */
export function mergeScans(scans: readonly ScanResult[]): ScanResult {
  const merged: ScanResult = {
    totalLines: 0,
    matchedLines: 0,
    head: scans[0]?.head ?? [],
    tail: [],
    excerpts: [],
    repetitions: [],
  };
  const repetitions = new Map<number, Repetition>();
  for (const scan of scans) {
    const shift = merged.totalLines;
    const shifted = (line: RawLine) => ({ ...line, number: line.number + shift });
    merged.excerpts.push(
      ...scan.excerpts.map(({ rank, lines }) => ({ rank, lines: lines.map(shifted) })),
    );
    for (const { template, line, times } of scan.repetitions) {
      const known = repetitions.get(template);
      if (known) known.times += times;
      else repetitions.set(template, { template, line: line + shift, times });
    }
    merged.tail = scan.tail.map(shifted);
    merged.totalLines += scan.totalLines;
    merged.matchedLines += scan.matchedLines;
  }
  return { ...merged, repetitions: [...repetitions.values()] };
}

/** Drops the excerpts of highest rank until about `capBytes` are left, so that a result is small. */
export function trimScan(scan: ScanResult, capBytes: number): ScanResult {
  let room = capBytes;
  const excerpts = [...scan.excerpts]
    .sort((a, b) => a.rank - b.rank)
    .filter(({ lines }) => {
      room -= lines.reduce((sum, line) => sum + line.text.length + 1, 0);
      return room > 0;
    });
  return { ...scan, excerpts };
}

/** The lines to keep, in order, at most about `capBytes` of text: head, tail, then excerpts by rank. */
export function chooseLines(scan: ScanResult, capBytes: number): RawLine[] {
  const chosen = new Map<number, RawLine>();
  let room = capBytes;
  const take = (line: RawLine) => {
    const size = Buffer.byteLength(line.text) + 1;
    if (chosen.has(line.number)) return true;
    if (size > room) return false;
    room -= size;
    chosen.set(line.number, line);
    return true;
  };
  takeWithin(scan.head, capBytes / 8, take);
  takeWithin([...scan.tail].reverse(), capBytes / 4, take);
  for (const { lines } of [...scan.excerpts].sort((a, b) => a.rank - b.rank)) {
    for (const line of lines) take(line);
  }
  return [...chosen.values()].sort((a, b) => a.number - b.number);
}

function takeWithin(lines: readonly RawLine[], bytes: number, take: (line: RawLine) => boolean) {
  let room = bytes;
  for (const line of lines) {
    room -= Buffer.byteLength(line.text) + 1;
    if (room < 0 || !take(line)) return;
  }
}
