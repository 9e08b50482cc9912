import { WarRoomError } from '../base/errors';
import type { FileChange } from '../incident/proposal';
import { proposalBytes, readScalar } from './change';
import { typedKey, type TypedValues } from './typed';
import { editText } from './yaml/keyPath';

/** What a person made of a proposal's text. */
export interface TypedText {
  /** The values at the proposed places, by `typedKey`. */
  values: TypedValues;
  /** The text holds changes besides, which are not part of the proposal. */
  leftOut: boolean;
}

/**
 * Reads the proposed values out of an edited text.
 * @param base the file as it is on disk
 * @param text UTF-8, as an editor saves it: line ends, the mark at the start and bytes that are
 *   not UTF-8 may differ from the file's
 * @throws code `values-unparsable`, `values-key-missing` when a proposed key is gone
 */
export function typedValues(base: Uint8Array, change: FileChange, text: Uint8Array): TypedText {
  const values: Record<string, string> = {};
  for (const edit of change.edits) {
    const found = readScalar(text, edit.keyPath, edit.document);
    if (!found) {
      throw new WarRoomError(
        'values-key-missing',
        `${editText(edit)} is not in the edited text any more, so what you typed was not taken; undo that edit, or reject the proposal.`,
      );
    }
    values[typedKey(change.path, edit)] = found.source;
  }
  const expected = proposalBytes(base, change, values);
  return { values, leftOut: comparable(expected) !== comparable(text) };
}

/** The text as an editor shows it, so that only what a person typed counts. */
function comparable(bytes: Uint8Array): string {
  return new TextDecoder('utf-8')
    .decode(bytes)
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .trimEnd();
}
