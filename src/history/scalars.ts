import { isDeepStrictEqual } from 'node:util';

import { WarRoomError } from '../base/errors';
import type { Proposal, ScalarEdit } from '../incident/proposal';
import { applyEdits } from '../remediation/yaml/applyEdits';
import { pathText } from '../remediation/yaml/keyPath';
import { inStyleOf, scalarValue } from '../remediation/yaml/scalarText';
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
 * @param values by the edit's key path joined with `.`
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
    edits: edits.map((edit) => ({ ...edit, after: values[pathText(edit.keyPath)] ?? edit.after })),
  }));
}

/**
 * The file with the edits' values in place of whatever stands there now, byte for byte the same
 * elsewhere. What holds a value already keeps its text.
 * @throws code `values-key-missing` and what `applyEdits` throws
 */
export function withValues(bytes: Uint8Array, edits: readonly ScalarEdit[]): Uint8Array {
  const document = ValuesDocument.parse(bytes);
  const remade = edits.flatMap((edit): ScalarEdit[] => {
    const place = document.find(edit.keyPath);
    if (!place) {
      if (edit.before === null) return [edit];
      throw new WarRoomError('values-key-missing', `${pathText(edit.keyPath)} is not there.`);
    }
    if (stands(place, edit.after)) return [];
    return [{ ...edit, before: place.source, after: inStyleOf(place, edit.after) }];
  });
  return remade.length === 0 ? bytes : applyEdits(bytes, remade);
}

/** Which of the two values an edit's place holds now; `absent` when there is no such key. */
export function valueNow(
  bytes: Uint8Array,
  edit: ScalarEdit,
): 'before' | 'after' | 'other' | 'absent' {
  let place;
  try {
    place = ValuesDocument.parse(bytes).find(edit.keyPath);
  } catch (error) {
    if (WarRoomError.is(error, 'values-unparsable')) return 'absent';
    throw error;
  }
  if (!place) return edit.before === null ? 'before' : 'absent';
  if (stands(place, edit.after)) return 'after';
  return edit.before !== null && stands(place, edit.before) ? 'before' : 'other';
}

/** True if every edit's place holds its new value, compared as parsed. */
export function holdsValues(bytes: Uint8Array, edits: readonly ScalarEdit[]): boolean {
  return edits.every((edit) => valueNow(bytes, edit) === 'after');
}

/** The value that stands at an edit's place, as source text; undefined when there is none. */
export function sourceNow(bytes: Uint8Array, edit: ScalarEdit): string | undefined {
  return ValuesDocument.parse(bytes).find(edit.keyPath)?.source;
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
