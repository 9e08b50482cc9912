import type { LogLine } from './logLine';

/** `java.sql.SQLException: …`, `KeyError: 'X'`, `Foo::BarError`: the line that names an exception. */
const exceptionLine =
  /^\s*(?:Caused by: |Suppressed: )?(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*[A-Z][\w$]*(?:Error|Exception|Exit|Interrupt|Failure|Fault|Timeout|Warning|Panic|Refused|NotFound|Denied|BadStatus)\b/;

const separators =
  /^(?:During handling of the above exception|The above exception was the direct cause)/;

/** How far a block reaches at most, in each direction. */
const reach = 60;

/**
 * The message that a line belongs to: the line that heads it, and all that continue it. Lines that
 * name an exception without a level or time of their own count as continuing.
 */
export function blockOf(lines: readonly LogLine[], index: number): readonly LogLine[] {
  const own = lines[index];
  if (!own || own.kind !== 'log') return own ? [own] : [];
  let start = index;
  while (start > 0 && index - start < reach && attached(lines[start], lines[start - 1])) start--;
  let end = index + 1;
  while (end < lines.length && end - index < reach && attached(lines[end], lines[end - 1])) end++;
  return lines.slice(start, end);
}

function attached(line: LogLine | undefined, before: LogLine | undefined): boolean {
  if (line?.kind !== 'log' || before?.source !== line.source) return false;
  return line.continues || (line.level === null && exceptionLine.test(line.message));
}

/** A line of source code that Python prints below its frame: it says what could go wrong, not what did. */
export function isQuotedCode(lines: readonly LogLine[], index: number): boolean {
  const line = lines[index];
  return (
    line?.kind === 'log' &&
    line.message.startsWith('    ') &&
    /^\s+File ".+", line \d+/.test(lines[index - 1]?.message ?? '')
  );
}

/** True for a line that names an exception. */
export function namesException(line: LogLine): boolean {
  return exceptionLine.test(line.message);
}

/**
 * The line of a block that names the cause behind the others: Java's last "Caused by", Python's
 * first exception of a chain, else the last that names one.
 */
export function innermostCause(block: readonly LogLine[]): LogLine | null {
  const caused = block.findLast((line) => /^\s*Caused by: /.test(line.message));
  if (caused) return caused;
  const split = block.findIndex((line) => separators.test(line.message));
  const first = split < 0 ? block : block.slice(0, split);
  return first.findLast(namesException) ?? block.findLast(namesException) ?? null;
}
