import { digestOf } from '../base/digest';
import type { FileChange, Proposal, ScalarEdit } from '../incident/proposal';
import { typedFor, type TypedValues } from './typed';
import { unifiedDiff } from './unifiedDiff';
import { applyEdits } from './yaml/applyEdits';
import type { KeyPath } from './yaml/keyPath';
import { inStyleOf, scalarValue } from './yaml/scalarText';
import { isOverride, settled } from './yaml/settled';
import { ValuesDocument } from './yaml/valuesDocument';

/** A scalar as it stands in a file. */
export interface ScalarReading {
  /** Source text with its quotes. */
  source: string;
  value: unknown;
}

/**
 * The scalar at a key path, as Helm would take it.
 * @param position of the document, for a file that holds several
 * @returns undefined where there is none
 * @throws code `values-unparsable`, `values-ambiguous`
 */
export function readScalar(
  bytes: Uint8Array,
  keyPath: KeyPath,
  position?: number,
): ScalarReading | undefined {
  const document = ValuesDocument.parse(bytes, position);
  if (!document.find(keyPath)) return undefined;
  const { source, value } = document.scalar(keyPath);
  return { source, value };
}

/**
 * The file as the proposal wants it, with what a person typed in place of the proposed values.
 * @throws code `proposal-stale` when the file is not the one that the proposal was made for in the
 *   edited scalars; `wrong-usage` when a typed text is not one YAML value; the codes of `applyEdits`
 */
export function proposalBytes(
  bytes: Uint8Array,
  change: FileChange,
  typed: TypedValues = {},
): Uint8Array {
  return applyEdits(
    bytes,
    withTyped(change.path, ValuesDocument.parse(bytes), change.edits, typed),
  );
}

/**
 * Makes the edit again on changed text: same paths, same new values, typed ones first. The old values
 * and the diff are those of the new text.
 * @throws the codes of `applyEdits`; the proposal itself is never changed
 */
export function reapply(
  proposal: Proposal,
  path: string,
  bytes: Uint8Array,
  typed: TypedValues = {},
): Proposal {
  const files = proposal.files.map((change) => {
    if (change.path !== path) return change;
    const document = ValuesDocument.parse(bytes);
    const wanted = change.edits.map((edit) => ({
      ...edit,
      after: typedFor(typed, path, edit)?.trim() ?? edit.after,
    }));
    return fileChange(path, bytes, refreshed(document, wanted));
  });
  return { ...proposal, files };
}

/** The edits with the scalars as they stand now; a key that was added meanwhile is edited in place. */
function refreshed(document: ValuesDocument, edits: readonly ScalarEdit[]): ScalarEdit[] {
  return settled(document, edits).map((edit) => {
    const text = document.at(edit.document);
    const place = text.find(edit.keyPath);
    if (place && !isOverride(edit, place)) {
      return { ...edit, before: place.source, after: inStyleOf(place, edit.after) };
    }
    return edit.before === null ? edit : { ...edit, before: text.scalar(edit.keyPath).source };
  });
}

function withTyped(
  path: string,
  document: ValuesDocument,
  edits: readonly ScalarEdit[],
  typed: TypedValues,
): ScalarEdit[] {
  return edits.map((edit) => {
    const text = typedFor(typed, path, edit);
    if (text === undefined) return edit;
    const place = document.at(edit.document).find(edit.keyPath);
    if (place) return { ...edit, after: inStyleOf(place, text) };
    scalarValue(text.trim());
    return { ...edit, after: text.trim() };
  });
}

/** The change of one file with its diff and the digest of what it was made for. */
export function fileChange(
  path: string,
  bytes: Uint8Array,
  edits: readonly ScalarEdit[],
): FileChange {
  const after = applyEdits(bytes, edits);
  return { path, edits, diff: unifiedDiff(path, bytes, after), baseDigest: digestOf(bytes) };
}
