import { isDeepStrictEqual } from 'node:util';

import { WarRoomError } from '../base/errors';
import type { Proposal, ScalarEdit } from '../incident/proposal';
import { typedFor } from '../remediation/typed';
import { applyEdits } from '../remediation/yaml/applyEdits';
import { editText } from '../remediation/yaml/keyPath';
import { inStyleOf, scalarValue } from '../remediation/yaml/scalarText';
import { isOverride, settled } from '../remediation/yaml/settled';
import { ValuesDocument } from '../remediation/yaml/valuesDocument';
import type { ScalarPlace } from '../remediation/yaml/valuesDocument';

/** The edits of one file that a person decided on. */
export interface FileEdits {
  /** Relative to the repository's root, with `/`. */
  path: string;
  edits: readonly ScalarEdit[];
  /** SHA-256 of the bytes that the person saw on the left. */
  baseDigest: string;
}

/**
 * The proposal's edits with the values that the person typed in place of the proposed ones.
 * @param values by `typedKey`
 * @throws code `wrong-state` when the proposal changes no file
 */
export function decidedEdits(
  proposal: Proposal | null,
  values: Readonly<Record<string, string>>,
): FileEdits[] {
  const files = proposal?.files ?? [];
  if (files.length === 0) {
    throw new WarRoomError('wrong-state', 'There is no change of a file to accept.');
  }
  return files.map(({ path, edits, baseDigest }) => ({
    path,
    baseDigest,
    edits: edits.map((edit) => ({ ...edit, after: typedFor(values, path, edit) ?? edit.after })),
  }));
}

/**
 * Nothing is made up: a value that nobody here knows has to be typed.
 * @throws code `value-missing`
 */
export function requireFilled(
  proposal: Proposal | null,
  values: Readonly<Record<string, string>>,
): void {
  for (const { path, edits } of proposal?.files ?? []) {
    const open = edits.find(
      (edit) =>
        edit.hole !== undefined && (typedFor(values, path, edit) ?? edit.after) === edit.after,
    );
    if (!open) continue;
    throw new WarRoomError(
      'value-missing',
      `${editText(open)} in ${path} still has no value (${open.hole ?? ''}), so nothing was changed; type it on the right of the diff, or give it with --value in a terminal, and accept again.`,
    );
  }
}

/**
 * The file with the edits' values in place of whatever stands there now, byte for byte the same
 * elsewhere. What holds a value already keeps its text.
 * @throws code `values-key-missing` and what `applyEdits` throws
 */
export function withValues(bytes: Uint8Array, edits: readonly ScalarEdit[]): Uint8Array {
  const document = ValuesDocument.parse(bytes);
  const remade = settled(document, edits).flatMap((edit): ScalarEdit[] => {
    const place = document.at(edit.document).find(edit.keyPath);
    if (!place) {
      if (edit.before === null) return [edit];
      throw new WarRoomError('values-key-missing', `${editText(edit)} is not there.`);
    }
    if (stands(place, edit.after)) return [];
    if (isOverride(edit, place)) return [edit];
    return [{ ...edit, before: place.source, after: inStyleOf(place, edit.after) }];
  });
  return remade.length === 0 ? bytes : applyEdits(bytes, remade);
}

/** What stands at an edit's place in a text. */
export interface EditNow {
  /** The edit as it would be made on this text: a list's new entry may have another position. */
  edit: ScalarEdit;
  /** What names the edit in decisions, as it was planned. */
  name: string;
  /** Which of its two values the place holds; `absent` when there is no such key. */
  holds: 'before' | 'after' | 'other' | 'absent';
  /** Source text of the value that stands there; undefined when there is none. */
  source: string | undefined;
}

/** What stands at the edits' places, in their order. */
export function valuesNow(bytes: Uint8Array, edits: readonly ScalarEdit[]): EditNow[] {
  const named = edits.map((edit) => ({ edit, name: editText(edit) }));
  let document: ValuesDocument;
  try {
    document = ValuesDocument.parse(bytes);
  } catch (error) {
    if (!WarRoomError.is(error, 'values-unparsable')) throw error;
    return named.map((one) => ({ ...one, holds: 'absent', source: undefined }));
  }
  return settled(document, edits).map((edit, index) => {
    const place = document.at(edit.document).find(edit.keyPath);
    const name = named[index]?.name ?? editText(edit);
    return { edit, name, holds: holding(place, edit), source: place?.source };
  });
}

function holding(place: ScalarPlace | undefined, edit: ScalarEdit): EditNow['holds'] {
  if (!place) return edit.before === null ? 'before' : 'absent';
  if (stands(place, edit.after)) return 'after';
  if (isOverride(edit, place)) return 'before';
  return edit.before !== null && stands(place, edit.before) ? 'before' : 'other';
}

/** True if every edit's place holds its new value, compared as parsed. */
export function holdsValues(bytes: Uint8Array, edits: readonly ScalarEdit[]): boolean {
  return valuesNow(bytes, edits).every(({ holds }) => holds === 'after');
}

/** True if the place holds the value of this source text, whatever its quotes. */
function stands(place: ScalarPlace, source: string): boolean {
  if (place.source === source) return true;
  try {
    return isDeepStrictEqual(place.value, scalarValue(inStyleOf(place, source)));
  } catch (error) {
    if (WarRoomError.is(error)) return false;
    throw error;
  }
}
