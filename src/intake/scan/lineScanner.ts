import { boundLine, cleanLine, joinPieces } from '../clean';
import { ExcerptCollector, type Excerpt, type RawLine, type ScanResult } from './excerpts';
import { firstMatch, type Prefilter } from './prefilter';
import { templateOf } from './template';

const CHUNK = 1024 * 1024;
/** A line that does not end within this is kept as start and end. */
const LONG_LINE = 256 * 1024;
const LONG_HEAD = 16 * 1024;
const LONG_TAIL = 8 * 1024;
/** Bytes before the current line that stay readable, as context of a match in it. */
const BEHIND = 8 * 1024;
const LINES_BEFORE = 3;
const LINES_AFTER = 12;
const HEAD_BYTES = 128 * 1024;
const TAIL_BYTES = 256 * 1024;
/** Announcements of one line that are remembered; with more, every pattern is tried. */
const MAX_ANNOUNCED = 64;
/** Shapes of lines whose verdict is remembered, and the looks that a "no" needs. */
const REMEMBERED = 20_000;
const LOOKS = 8;

/**
 * Reads a log of any size in constant memory. Fill `space()` and `commit()` what was written
 * there, or `push()` chunks; `finish()` gives what was found. Lines are numbered from 1.
 */
export class LineScanner {
  private readonly buffer = Buffer.allocUnsafeSlow(BEHIND + LONG_LINE + CHUNK);
  private filled = 0;
  /** Where the current line starts in the buffer. */
  private lineStart = 0;
  private lines = 0;
  private matched = 0;
  private state: number;
  private readonly announced: number[] = [];
  /** The start of a line that is too long for the buffer, and how many bytes were dropped of it. */
  private longHead: Buffer | null = null;
  private dropped = 0;
  private readonly open: { excerpt: Excerpt; left: number }[] = [];
  private readonly verdicts = new Map<number, { pattern: number; at: number; looks: number }>();
  private readonly collector = new ExcerptCollector();
  private readonly head: RawLine[] = [];
  private headBytes = 0;
  private readonly tail = Buffer.allocUnsafeSlow(TAIL_BYTES);
  private tailFilled = 0;
  /** Whether the buffer no longer starts where the log does. */
  private moved = false;

  constructor(
    private readonly prefilter: Prefilter,
    private readonly lineEndByte: number,
  ) {
    this.state = prefilter.matcher.start;
  }

  /** Where the next bytes go; never empty. */
  space(): Uint8Array {
    return this.buffer.subarray(this.filled, this.filled + CHUNK);
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + CHUNK);
      this.buffer.set(part, this.filled);
      this.commit(part.length);
      at += part.length;
    }
  }

  /** Scans the bytes that were written to `space()`. */
  commit(length: number): void {
    const from = this.filled;
    this.filled += length;
    this.rememberTail(from);
    this.scan(from, this.filled);
    this.makeRoom();
  }

  finish(): ScanResult {
    if (this.lineStart < this.filled || this.longHead) this.endLine(this.filled, this.filled);
    return {
      totalLines: this.lines,
      matchedLines: this.matched,
      head: this.head,
      tail: this.readTail(),
      ...this.collector.result(),
    };
  }

  /** The loop over every byte of the log: keep it small. */
  private scan(from: number, to: number): void {
    const { classOf, next, firstAccepting, lineEnd } = this.prefilter.matcher;
    const bytes = this.buffer;
    let state = this.state;
    for (let i = from; i < to; i++) {
      // Typed arrays give numbers inside their bounds; a `??` would cost here.
      state = next[state + (classOf[bytes[i] as number] as number)] as number;
      if (state < firstAccepting) continue;
      if (state === lineEnd) this.endLine(i, i + 1);
      else if (this.announced.length <= MAX_ANNOUNCED) this.announced.push(state);
    }
    this.state = state;
  }

  private endLine(end: number, nextStart: number): void {
    this.lines++;
    if (this.announced.length > 0 || this.prefilter.always.length > 0) this.judge(end);
    if (this.open.length > 0) this.addContext(end);
    if (this.headBytes < HEAD_BYTES) {
      this.headBytes += end - this.lineStart + 1;
      this.head.push({ number: this.lines, text: this.read(end, null) });
    }
    this.lineStart = nextStart;
    this.longHead = null;
    this.dropped = 0;
  }

  /** Decides whether the current line matches. Lines of a shape that is known are not looked at again. */
  private judge(end: number): void {
    const template = templateOf(this.buffer, this.lineStart, end);
    let verdict = this.verdicts.get(template);
    if (!verdict || (verdict.pattern < 0 && verdict.looks < LOOKS)) {
      const match = firstMatch(this.prefilter, this.candidates(), this.wholeLine(end));
      verdict = {
        pattern: match?.pattern ?? -1,
        at: match?.at ?? 0,
        looks: (verdict?.looks ?? 0) + 1,
      };
      if (this.verdicts.size < REMEMBERED || this.verdicts.has(template))
        this.verdicts.set(template, verdict);
    }
    this.announced.length = 0;
    if (verdict.pattern < 0) return;
    this.matched++;
    const { pattern, at } = verdict;
    const excerpt = this.collector.add(pattern, template, this.lines, () => this.read(end, at));
    if (!excerpt) return;
    excerpt.lines.unshift(...this.linesBefore());
    // The line itself uses up one of the lines after it.
    this.open.push({ excerpt, left: LINES_AFTER + 1 });
  }

  private candidates(): Iterable<number> {
    if (this.announced.length > MAX_ANNOUNCED) return this.prefilter.patterns.keys();
    const candidates = new Set(this.prefilter.always);
    for (const state of this.announced)
      for (const literal of this.prefilter.matcher.endingIn(state))
        for (const pattern of this.prefilter.announcedBy[literal] ?? []) candidates.add(pattern);
    return candidates;
  }

  private addContext(end: number): void {
    for (const entry of this.open) {
      if (entry.excerpt.lines.at(-1)?.number !== this.lines)
        entry.excerpt.lines.push({ number: this.lines, text: this.read(end, null) });
      entry.left--;
    }
    while (this.open[0] && this.open[0].left <= 0) this.open.shift();
  }

  private linesBefore(): RawLine[] {
    const before: RawLine[] = [];
    if (this.longHead) return before;
    let end = this.lineStart - 1;
    while (before.length < LINES_BEFORE && end >= 0) {
      const start = end === 0 ? -1 : this.buffer.lastIndexOf(this.lineEndByte, end - 1);
      // A line of which the start is no longer in the buffer is left out.
      if (start < 0 && this.moved) break;
      const text = this.decode(start + 1, end, null);
      before.unshift({ number: this.lines - before.length - 1, text });
      end = start;
    }
    return before;
  }

  private read(end: number, focus: number | null): string {
    return this.longHead
      ? boundLine(this.wholeLine(end), focus)
      : this.decode(this.lineStart, end, focus);
  }

  private decode(start: number, end: number, focus: number | null): string {
    return boundLine(cleanLine(this.buffer.toString('utf8', start, end)), focus);
  }

  private wholeLine(end: number): string {
    const text = this.buffer.toString('utf8', this.lineStart, end);
    if (!this.longHead) return cleanLine(text);
    const head = this.longHead.toString('utf8');
    const from = head.length + this.dropped;
    const pieces = [
      { from: 0, text: head },
      { from, text },
    ];
    return cleanLine(joinPieces(pieces, from + text.length));
  }

  /** Moves what is still needed to the front of the buffer. */
  private makeRoom(): void {
    const pending = this.filled - this.lineStart;
    if (pending > LONG_LINE) {
      const line = this.buffer.subarray(this.lineStart, this.filled);
      this.longHead ??= Buffer.from(line.subarray(0, LONG_HEAD));
      const tailStart = this.filled - LONG_TAIL;
      const headKept = this.dropped === 0 ? LONG_HEAD : 0;
      this.dropped += pending - LONG_TAIL - headKept;
      this.buffer.copyWithin(0, tailStart, this.filled);
      this.lineStart = 0;
      this.filled = LONG_TAIL;
      this.moved = true;
      return;
    }
    const keepFrom = Math.max(0, this.lineStart - BEHIND);
    this.buffer.copyWithin(0, keepFrom, this.filled);
    this.lineStart -= keepFrom;
    this.moved ||= keepFrom > 0;
    this.filled -= keepFrom;
  }

  private rememberTail(from: number): void {
    const fresh = this.buffer.subarray(Math.max(from, this.filled - TAIL_BYTES), this.filled);
    const keep = Math.min(this.tailFilled, TAIL_BYTES - fresh.length);
    this.tail.copyWithin(0, this.tailFilled - keep, this.tailFilled);
    this.tail.set(fresh, keep);
    this.tailFilled = keep + fresh.length;
  }

  private readTail(): RawLine[] {
    const bytes = this.tail.subarray(0, this.tailFilled);
    const separator = String.fromCharCode(this.lineEndByte);
    const texts = bytes.toString('utf8').split(separator);
    if (texts.at(-1) === '') texts.pop();
    // The first one is whole only if the tail reaches back to the start of the log.
    const cut = texts.length < this.lines ? texts.slice(1) : texts;
    const first = this.lines - cut.length + 1;
    return cut.map((text, index) => ({
      number: first + index,
      text: boundLine(cleanLine(text), null),
    }));
  }
}
