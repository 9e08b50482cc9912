import { isScalar, parseDocument } from 'yaml';
import type { Node } from 'yaml';

import { WarRoomError } from '../../base/errors';
import type { ScalarPlace } from './valuesDocument';

/**
 * Source text for a new value in the style of the old scalar: its quotes are kept, a block scalar
 * keeps its header and indentation.
 * @param typed the value, or a scalar's source text with quotes of its own, which then stay
 * @throws code `wrong-usage` when it is not one scalar
 */
export function inStyleOf(place: ScalarPlace, typed: string): string {
  const trimmed = typed.trim();
  if (place.style !== 'block' && /[\r\n]/.test(trimmed)) throw notOneValue(trimmed);
  switch (place.style) {
    case 'plain':
      return checked(trimmed === '' || needsQuotes(trimmed) ? JSON.stringify(trimmed) : trimmed);
    case 'single':
      return isQuoted(trimmed) ? checked(trimmed) : `'${trimmed.replaceAll("'", "''")}'`;
    case 'double':
      return isQuoted(trimmed) ? checked(trimmed) : JSON.stringify(trimmed);
    case 'block':
      return inBlock(place, typed);
  }
}

/**
 * The value that a scalar's source text stands for.
 * @throws code `wrong-usage` when the text is not exactly one scalar with a value
 */
export function scalarValue(source: string): string | number | boolean | bigint {
  const document = parseDocument(source, { logLevel: 'silent' });
  const node: Node | null = document.contents;
  const whole =
    isScalar(node) &&
    document.errors.length === 0 &&
    node.range?.[0] === 0 &&
    node.range[1] === source.length;
  const value: unknown = whole ? node.value : undefined;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    default:
      throw notOneValue(source);
  }
}

function notOneValue(source: string): WarRoomError {
  return new WarRoomError(
    'wrong-usage',
    `"${source}" is not one YAML value, so nothing was changed; type a single value such as 1Gi.`,
  );
}

function checked(source: string): string {
  scalarValue(source);
  return source;
}

/** True where plain text would be read as something else: a comment, a mapping, an indicator. */
function needsQuotes(text: string): boolean {
  return !isQuoted(text) && /^[-?:,[\]{}#&*!|>'"%@`](?![\w.])|: |:$| #/.test(text);
}

function isQuoted(text: string): boolean {
  return /^(?:"[^]*"|'[^]*')$/.test(text);
}

/** A block scalar of one line gets the new line; of a longer one its own source text is expected. */
function inBlock(place: ScalarPlace, typed: string): string {
  if (/^[|>]/.test(typed)) return typed;
  const [line, ...more] = String(place.value).trimEnd().split('\n');
  const at = line ? place.source.lastIndexOf(line) : -1;
  if (more.length > 0 || at < 0 || line === undefined || typed.includes('\n')) {
    throw new WarRoomError(
      'values-ambiguous',
      'The value is a block of several lines, so it was left as it is; change the line by hand.',
    );
  }
  return place.source.slice(0, at) + typed.trim() + place.source.slice(at + line.length);
}
