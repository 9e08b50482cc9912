import { isFailure } from '../read/level';
import type { LogLine } from '../read/logLine';
import { namesAddress } from '../read/place';
import { isDenied, isWell } from './health';

/** The program shows later, by its own words, that it got what the complaint says it could not have. */
export function wasOvercome(line: LogLine, own: readonly LogLine[]): boolean {
  if (isLasting(line.message)) return false;
  return triedAgain(line, own) || connectedAgain(line, own) || doneAfterAll(line, own);
}

const lasting =
  /\b(?:not (?:been )?(?:saved|stored|written|booked|sent|delivered|processed|completed)|lost|dropped|discarded|abandoned|giv(?:en|ing) up|gave up)\b/i;

/** What no calm line behind it brings back. */
export function isLasting(text: string): boolean {
  return lasting.test(text);
}

/** A connection proves nothing of rights, limits and names of databases: only that somebody answers. */
const unreached =
  /refused|unreachable|timed? ?out|no route|reset by peer|(?:cannot|could not|couldn't|can't|failed to|unable to|error (?:trying to )?|re)connect|no such host|not resolve/i;
/** Whoever says so has answered. */
const answered =
  /access[_ ]refused|login (?:was )?refused|denied|unauthori[sz]ed|authenticat|credential|password/i;
/** `db:5432`, as programs name a place on the network, as against a line of a file. */
const places = /(?<![\w.-])(?:[a-z][\w.-]{1,100}|\d{1,3}(?:\.\d{1,3}){3}):\d{2,5}(?![\w.])/gi;
const sourceFile = /\.(?:py|go|[cm]?[jt]sx?|java|rb|php|rs|cs|exs?|kt|scala|cc?|cpp|h):\d+$/i;
const joined = /\bconnected (?:to|with)\b|\bconnection (?:created|opened|succeeded|up)\b/i;

/** The program said later that it is connected to a place that it could not reach. */
function connectedAgain(line: LogLine, own: readonly LogLine[]): boolean {
  const said = line.message.slice(0, 400);
  const named = unreached.test(said) && !answered.test(said) ? placesIn(said) : [];
  return own.some(
    (other) =>
      isLater(other, line) &&
      joined.test(other.message) &&
      !isDenied(other.message) &&
      placesIn(other.message.slice(0, 400)).some((place) => named.includes(place)),
  );
}

function placesIn(text: string): string[] {
  return (text.match(places) ?? []).filter((place) => !sourceFile.test(place));
}

/** What was not done, as its verb, its object, and the rest of the clause, which may name which one. */
const undone =
  /\b(?:failed to|could not|couldn't|cannot|can't|unable to) ([a-z]{3,20}) (?:the |a |an )?([\w-]{2,40})([^":;=]{0,100})/i;
/** … and what was done in the end. */
const done = /\bsuccessfully ([a-z]{3,20}) (?:the |a |an )?([\w-]{2,40})/i;
const preposition = /^(?:to|from|with|in|on|at|of|for|by|into|as)$/i;
/** What tells one thing from another of its kind: a number, an address, a file. */
const telling = /[\d./_']/;
/** So many letters of a verb stay in all of its forms. */
const stem = 4;

/** The program said later that it succeeded in just what it could not do. */
function doneAfterAll(line: LogLine, own: readonly LogLine[]): boolean {
  const [, verb = '', object = '', rest = ''] = undone.exec(line.message.slice(0, 400)) ?? [];
  if (object === '' || preposition.test(object)) return false;
  const which = `${object}${rest}`.split(/\s+/).filter((word) => telling.test(word));
  return own.some((other) => {
    if (!isLater(other, line)) return false;
    const [, did = '', to = ''] = done.exec(other.message.slice(0, 400)) ?? [];
    return (
      to.toLowerCase() === object.toLowerCase() &&
      did.slice(0, stem).toLowerCase() === verb.slice(0, stem).toLowerCase() &&
      which.every((name) => other.message.includes(name))
    );
  });
}

function isLater({ order, level }: LogLine, line: LogLine): boolean {
  return order > line.order && !isFailure(level);
}

/** Where a sentence turns to how it went. */
const outcome = /\.\.\.|\b(?:fail\w*|error|refused|timed out|not reachable|unreachable|again)\b/i;

/**
 * The program said the same words of the same place on the network later, and that it went well.
 * Without a place the same words may be about something else.
 */
function triedAgain(line: LogLine, own: readonly LogLine[]): boolean {
  const end = outcome.exec(line.message)?.index ?? 0;
  const words = line.message.slice(0, end).trimEnd();
  return (
    namesAddress(words) &&
    own.some(
      (other) => other.order > line.order && other.message.startsWith(words) && isWell(other),
    )
  );
}
