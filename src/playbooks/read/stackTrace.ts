import type { LogLine } from './logLine';

/** `java.sql.SQLException: …`, `KeyError: 'X'`, `Foo::BarError`: the line that names an exception. */
const exceptionLine =
  /^\s*(?:Caused by: |Suppressed: )?(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*[A-Z][\w$]*(?:Error|Exception|Exit|Interrupt|Failure|Fault|Timeout|Warning|Panic|Refused|NotFound|Denied|BadStatus)\b/;

/** Ruby prints the error behind its message, and the cause below. */
const rubyError = /^\S+\.rb:\d+:in .*\((?:\w+::)*\w+\)$/;

/** What stands above a trace, or names no class. */
const opening =
  /^\s*(?:Traceback \(most recent|Exception in thread |Uncaught |Unhandled |thread '.*' panicked|goroutine \d+ \[|panic: |fatal error: )/;

/** True for a line by which a program says that it failed, whatever the words behind. */
export function opensError(text: string): boolean {
  const name = exceptionLine.exec(text)?.[0];
  return opening.test(text) || (name !== undefined && /^(?::|$)/.test(text.slice(name.length)));
}

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

/** What is printed below a message by the logger that printed it: indented, or a JVM's exception. */
const below = /^\s+\S|^(?:[a-z][\w$]*\.){2,}[A-Z][\w$.]*(?::|$)|^Caused by: /;

/** What the JVM itself throws ends threads; nobody logs it calmly. */
const ofMachine = /^java\.lang\.(?:\w+\.)?\w*Error\b/;

/**
 * A line of a message that began before has its level. What a program ends with stands below a line
 * that has nothing to do with it; it begins at the margin, and no logger printed it.
 */
export function withLevelOf(before: LogLine | undefined, line: LogLine): LogLine {
  const joined =
    line.level === null &&
    before?.kind === 'log' &&
    before.level !== null &&
    before.source === line.source &&
    before.writer === line.writer &&
    below.test(line.message) &&
    !ofMachine.test(line.message);
  return joined ? { ...line, level: before.level, continues: true } : line;
}

function attached(line: LogLine | undefined, before: LogLine | undefined): boolean {
  if (line?.kind !== 'log' || before?.source !== line.source) return false;
  const { continues, level, message } = line;
  return continues || (level === null && (exceptionLine.test(message) || rubyError.test(message)));
}

/** A line of source code that Python and Node print: it says what could go wrong, not what did. */
export function isQuotedCode(lines: readonly LogLine[], index: number): boolean {
  const line = lines[index];
  if (line?.kind !== 'log') return false;
  const before = lines[index - 1]?.message ?? '';
  const after = lines[index + 1]?.message ?? '';
  return (
    (line.message.startsWith('    ') && /^\s+File ".+", line \d+/.test(before)) ||
    (/^\S+:\d+$/.test(before) && /^\s*\^+\s*$/.test(after))
  );
}

/** True for a line that names an exception. */
export function namesException(line: LogLine): boolean {
  return exceptionLine.test(line.message);
}

/** Java and Node name the cause below what it brought about; a suppressed one is indented. */
const causes: readonly RegExp[] = [
  /^Caused by: /,
  /^\s*(?:Caused by: |\[cause\]: )\S/,
  /^\s*--->\s+(?:\(Inner Exception #\d+\) )?[A-Z]/, // .NET
];
/** What PHP, logback (root cause first) and Go (a panic that was raised again) print below the cause. */
const outer = /^\s*(?:Next [\w\\]+(?:Exception|Error)\b|Wrapped by: |panic: )/;
/**
 * The line of a block that names the cause behind the others, by the way in which its language
 * chains them: the last of Java's, Node's, .NET's and Ruby's causes and of Rust's list, the first of
 * Python's, PHP's and Go's; else the last line that names an exception.
 */
export function innermostCause(block: readonly LogLine[]): LogLine | null {
  const listed = lastListed(block);
  if (listed) return listed;
  for (const form of causes) {
    const caused = block.findLast((line) => form.test(line.message));
    if (caused) return caused;
  }
  const wrapped = block.findIndex((line, at) => at > 0 && outer.test(line.message));
  if (wrapped > 0) return block.slice(0, wrapped).find(says) ?? null;
  const split = block.findIndex((line) => separators.test(line.message));
  const first = split < 0 ? block : block.slice(0, split);
  return (
    first.findLast(({ message }) => rubyError.test(message)) ??
    first.findLast(namesException) ??
    block.findLast(namesException) ??
    null
  );
}

/** A line that names an error, whatever stands before its name. */
function says({ message }: LogLine): boolean {
  return /^panic: |Uncaught |\b\w+(?:Exception|Error)\b/.test(message);
}

/** The last of the causes that Rust lists one below the other under `Caused by:`. */
function lastListed(block: readonly LogLine[]): LogLine | null {
  const head = block.findIndex(({ message }) => /^\s*Caused by:$/.test(message));
  if (head < 0) return null;
  const below = block.slice(head + 1);
  const end = below.findIndex(({ message }) => !/^\s+\S/.test(message));
  return (end < 0 ? below : below.slice(0, end)).at(-1) ?? null;
}
