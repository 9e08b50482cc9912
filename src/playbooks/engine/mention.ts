import { isAnswered } from '../read/answers';
import { isLoud } from '../read/level';
import type { LogLine } from '../read/logLine';
import { isTyped } from '../read/typed';
import { statementStart } from '../read/statement';
import type { Hit } from './search';

/** What was asked for: the target of a request line, or the field of one. */
const target =
  /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+)|"(?:path|url|uri|target|request_?uri)": ?"([^"]*)"/gi;

/** What a page of metrics says of one. */
const metricHelp = /^# (?:HELP|TYPE) /;

/** `metric{…} 0`, and a rule that compares: `metric{…} == 1`. */
const emptySample =
  /^\s*(?:- )?(?:expr: *)?[a-z_:][\w:]*\{[^}]*\}(?: 0(?:\.0+)?(?: \d+)?$| *[=!<>]=? *\d)/i;

/** `a81c2f0 fix(worker): …`: what somebody did about it. */
const commitSubject =
  /^(?:[*-] )?(?:[0-9a-f]{7,40} (?:docs|test|ci|build|perf|style)|(?:[0-9a-f]{2,40} )?(?:fix|feat|chore|refactor|revert))(?:\([\w./-]+\))?!?: /;

/** A sentence in which somebody asks. Programs ask too, but behind what they say. */
const question =
  /(?<=^|[.!?:>\])] )(?:what (?:does|do|is|are)|how (?:do|does|is|are|should|can)|why (?:do|does|is|are|did)|should (?:we|i)|is (?:it|that|this)|can (?:we|i)|does (?:it|that|this)|any idea)\b[^?]{0,300}\?/gi;

/** `This is mostly caused by the database being …`: what a program says of such failures, not of this one. */
const supposed =
  /\b(?:mostly|usually|typically|often) (?:caused by|due to|because of) \S{0,16} ?$/i;

/** `retry.codes=ORA-03113,`: settings name what they are about. */
const listed = /\b(?:codes|errors|filter)["']?[=:] ?["'([]?[\w,.= -]{0,30}$/i;

function isBad({ level }: LogLine): boolean {
  return isLoud(level);
}

/** Part of a path or an option stands right before. */
const insideName = /(?:^|[\s"'=(])(?:\/[^\s"']*\/|\/|--(?:\w+-)*)$/;

/**
 * True where a line only names a failure: in the address of a request that was answered well, in
 * the name of a file, an option or an alarm, in a sample that counts none, in the subject of a
 * commit, in a statement of SQL, in a question.
 */
export function isMention({ text, before, after }: Hit, line: LogLine): boolean {
  const { message } = line;
  if (emptySample.test(message) || metricHelp.test(message)) return true;
  if (line.kind !== 'log') return false;
  if (commitSubject.test(message) || isTyped(line.text)) return true;
  if (message.indexOf(text) >= statementStart(message)) return true;
  if (supposed.test(before) || (!isBad(line) && listed.test(before))) return true;
  if (line.level === null && isAsked(message.slice(0, 1000), text)) return true;
  // A longer match ends where its pattern does, which may be within a word.
  if (/^\w\S*\w$/.test(text) && (insideName.test(before) || /^-[a-z]/i.test(after))) return true;
  return (
    isAnswered(line) &&
    [...line.text.slice(0, 1000).matchAll(target)].some((match) =>
      (match[1] ?? match[2] ?? '').includes(text),
    )
  );
}

function isAsked(message: string, text: string): boolean {
  return [...message.matchAll(question)].some(([sentence]) => sentence.includes(text));
}
