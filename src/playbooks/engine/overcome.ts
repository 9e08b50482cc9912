import type { LogLine } from '../read/logLine';
import { namesAddress } from '../read/place';
import { isWell } from './health';

/** The program shows later, by its own words, that it got what the complaint says it could not have. */
export function wasOvercome(line: LogLine, own: readonly LogLine[]): boolean {
  return triedAgain(line, own) || connectedAgain(line, own) || doneAfterAll(line, own);
}

/** `db:5432`, as programs name a place on the network. */
const places = /[\w.-]{2,100}:\d{2,5}\b/g;
const joined = /\bconnected (?:to|with)\b|\bconnection (?:created|opened|succeeded|made|up)\b/i;

/** The program said later that it is connected to a place that its complaint names. */
function connectedAgain(line: LogLine, own: readonly LogLine[]): boolean {
  const named = line.message.slice(0, 400).match(places) ?? [];
  return own.some(
    ({ order, level, message }) =>
      order > line.order &&
      level !== 'error' &&
      level !== 'fatal' &&
      joined.test(message) &&
      named.some((place) => message.includes(place)),
  );
}

/** What was not done, as its verb and its object. */
const undone =
  /\b(?:failed to|could not|couldn't|cannot|can't|unable to) ([a-z]{3,20}) (?:the |a |an )?([\w-]{2,40})/i;
/** … and what was done in the end. */
const wasDone = /\bsuccessfully ([a-z]{3,20}) (?:the |a |an )?([\w-]{2,40})/i;
/** So many letters of a verb stay in all of its forms. */
const stem = 4;

/** The program said later that it succeeded in just what it could not do. */
function doneAfterAll(line: LogLine, own: readonly LogLine[]): boolean {
  const [, verb = '', object = ''] = undone.exec(line.message.slice(0, 400)) ?? [];
  if (object === '') return false;
  return own.some(({ order, level, message }) => {
    if (order <= line.order || level === 'error' || level === 'fatal') return false;
    const [, did = '', to = ''] = wasDone.exec(message.slice(0, 400)) ?? [];
    return (
      to.toLowerCase() === object.toLowerCase() &&
      did.slice(0, stem).toLowerCase() === verb.slice(0, stem).toLowerCase()
    );
  });
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
