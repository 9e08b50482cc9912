import { parseLevel } from './level';

/** A moment as programs write it; behind the first one a line's words begin. */
const stamp =
  /(?:\d{4}[-/]\d\d[-/]\d\d[T _]|\d{1,2}[ /-][A-Z][a-z]{2}[ /-]\d{4}[: ]|[A-Z][a-z]{2} {1,2}\d{1,2} )?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d| UTC)?/;
/** A stamp further behind belongs to the message. */
const head = 80;
/** Fields that only some lines have between stamp and level: Elixir's metadata. */
const metadata = /^ (?:\w{1,30}=\S{1,60} ){1,5}(?=\[)/;
/** Fields of JSON lines that every line of one program has under the same name. */
const constant =
  /^(?:time|ts|timestamp|@timestamp|@t|date|level|severity|lvl|log\.level|levelname|@l|msg|message|@message|@m|log|MESSAGE)$/;

/** How a line of JSON is written, by the names of its own fields, not those of what it nests. */
export function formOfFields(names: readonly string[]): string {
  return `{${names
    .filter((name) => constant.test(name))
    .sort()
    .join(' ')}`;
}

/** The first moment that a line states, and where in it; null where there is none near its start. */
export function stampOf(rest: string): { at: number; text: string } | null {
  const match = stamp.exec(rest.slice(0, head));
  return match ? { at: match.index, text: match[0] } : null;
}

/**
 * How a line is written, as far as one program writes its lines alike: its notation of time and what
 * stands before it. Empty where nothing of that kind is there: a stack trace, or a sentence that was
 * just printed.
 * @param rest the line without prefixes of the collector
 */
export function formOf(rest: string): string {
  const start = rest.slice(0, head);
  const match = stamp.exec(start);
  if (!match) return '';
  const [moment] = match;
  const before = start.slice(0, match.index).replace(/[A-Za-z]+/g, levelAsSign);
  const behind = start.slice(match.index + moment.length).replace(metadata, ' ');
  const word = /^[\])]?[ :|[(]*([A-Za-z]+)\b(?!:)/.exec(behind)?.[1];
  // Some programs write a level only where something is wrong, and then as a word of the sentence.
  const levelled = parseLevel(word) === null ? '' : ' level';
  return `${before}${moment.replace(/[A-Z][a-z]{2}/, 'month')}${levelled}`
    .replace(/\d+/g, '0')
    .replace(/ {2,}/g, ' ');
}

/** Roles and levels change from line to line; a name stays. */
function levelAsSign(word: string): string {
  return word.length === 1 || parseLevel(word) !== null ? 'level' : word;
}
