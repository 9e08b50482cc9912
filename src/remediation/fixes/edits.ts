import { WarRoomError } from '../../base/errors';
import type { ScalarEdit } from '../../incident/proposal';
import { editText, pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import { inStyleOf, scalarValue } from '../yaml/scalarText';
import type { ScalarPlace, ValuesDocument } from '../yaml/valuesDocument';
import type { refusalCodes } from './fix';

/**
 * The edit that gives a scalar a new value in its own style. One that a merge key brings gets a key
 * of its own beside the merge key, which changes nothing for the others that share it.
 */
export function editOf(place: ScalarPlace, given: string, from?: ScalarPlace): ScalarEdit {
  // A text stays one: `1.10` without its quotes is the number 1.1.
  const value = typeof from?.value === 'string' && !isText(given) ? JSON.stringify(given) : given;
  // A block of several lines cannot be added; it is changed where it stands.
  const before = place.inherited && place.style !== 'block' ? null : place.source;
  return { keyPath: place.keyPath, before, after: inStyleOf(place, value) };
}

/** True for a source text that stands for a text: `1.10` is a number. */
export function isText(source: string): boolean {
  try {
    return typeof scalarValue(source) === 'string';
  } catch {
    return true;
  }
}

/** Says who else takes the value, of the places that are edited, or that they keep theirs. */
export function sharingWarnings(places: readonly ScalarPlace[]): string[] {
  const edited = places.map((place) => pathText(place.keyPath));
  return places.flatMap((place) => {
    const others = place.sharedBy.map(pathText).filter((path) => !edited.includes(path));
    if (others.length === 0) return [];
    if (place.inherited) {
      return [
        `${pathText(place.keyPath)} came from a merge key (<<) and gets a value of its own; ${others.join(', ')} keep theirs.`,
      ];
    }
    return [
      `${pathText(place.keyPath)} shares its text with ${others.join(', ')}: they change too.`,
    ];
  });
}

/** Says who else takes what is added to a block that others share. */
export function additionWarnings(document: ValuesDocument, edits: readonly ScalarEdit[]): string[] {
  const added = edits.filter((edit) => edit.before === null);
  return added.flatMap((edit) => {
    const others = document.at(edit.document).sharedWith(edit.keyPath);
    if (others.length === 0) return [];
    return [
      `${editText(edit)} is added to a block that others share; it is added to ${others.map(pathText).join(', ')} too.`,
    ];
  });
}

/** The amount or text that a scalar stands for, as Kubernetes would read it. */
export function textOf(place: ScalarPlace): string {
  return place.style === 'plain' ? place.source : String(place.value).trim();
}

/** The edit that adds a key. */
export function added(keyPath: KeyPath, value: string): ScalarEdit {
  return { keyPath, before: null, after: quoted(value) };
}

/** The edit that adds a key with what stands somewhere else: `true` stays a flag. */
export function copied(keyPath: KeyPath, from: ScalarPlace): ScalarEdit {
  return from.style === 'plain'
    ? { keyPath, before: null, after: from.source }
    : added(keyPath, textOf(from));
}

/** The edit of a place whose value nobody but the person knows; it cannot be accepted as it is. */
export function hole(keyPath: KeyPath, before: ScalarPlace | undefined, what: string): ScalarEdit {
  const after = JSON.stringify(`<${what}>`);
  return { keyPath, before: before?.source ?? null, after, hole: what };
}

/** YAML for a string: bare where it reads back as itself. */
function quoted(value: string): string {
  const bare = /^[A-Za-z_./][\w./@-]*$/.test(value) && !reserved.test(value);
  return bare ? value : JSON.stringify(value);
}

const reserved = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

/** Why this file is not the one, or is left as it is. */
export function refusal(
  message: string,
  code: (typeof refusalCodes)[number] = 'values-ambiguous',
): WarRoomError {
  return new WarRoomError(code, message);
}

/** The whole number that a scalar stands for. */
export function wholeNumber(place: ScalarPlace): number {
  const value = Number(textOf(place));
  if (Number.isInteger(value) && value >= 0) return value;
  throw refusal(
    `${pathText(place.keyPath)} is "${textOf(place)}" and not a whole number, so it was left as it is; correct it by hand.`,
    'values-unparsable',
  );
}
