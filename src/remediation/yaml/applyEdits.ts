import { isDeepStrictEqual } from 'node:util';

import { WarRoomError } from '../../base/errors';
import type { ScalarEdit } from '../../incident/proposal';
import { additionSplices } from './additions';
import { editText, pathKey } from './keyPath';
import type { KeyPath } from './keyPath';
import { scalarValue } from './scalarText';
import { decodeSource } from './sourceText';
import { distinct, spliced, splicedText } from './splice';
import type { Splice } from './splice';
import { ValuesDocument } from './valuesDocument';
import type { Crossing } from './valuesDocument';
import { setIn } from './valueTree';

/**
 * The file with the named scalars changed and every other byte as it was. The result is parsed and
 * compared with the intended change before it is given out.
 * @throws code `values-unparsable`, `values-key-missing`, `values-ambiguous`; `proposal-stale` when a
 *   scalar is not `before` any more; `wrong-usage` when `after` is not one scalar
 */
export function applyEdits(bytes: Uint8Array, edits: readonly ScalarEdit[]): Uint8Array {
  if (edits.length === 0) return bytes;
  const source = decodeSource(bytes);
  const { splices } = editedText(source.text, edits);
  return spliced(
    bytes,
    splices.map(({ start, end, text }) => {
      return { start: source.byteAt(start), end: source.byteAt(end), text };
    }),
  );
}

interface EditedText {
  splices: Splice[];
  text: string;
}

/** What one document's edits come to. */
interface Change {
  position: number | undefined;
  splices: Splice[];
  /** What the document should hold afterwards, by path. */
  values: { path: KeyPath; value: unknown }[];
}

/** Edits a text, and first the texts inside it: each level is parsed again and compared. */
function editedText(text: string, edits: readonly ScalarEdit[]): EditedText {
  const stream = ValuesDocument.parseText(text);
  const positions = [...new Set(edits.map((edit) => edit.document))];
  const changes = positions.map((position) => {
    const own = edits.filter((edit) => edit.document === position);
    return changeOf(stream.at(position), position, own);
  });
  const splices = distinct(changes.flatMap((change) => change.splices));
  const result = splicedText(text, splices);
  if (!isAsMeant(stream, changes, result)) throw changesMore(edits);
  return { splices, text: result };
}

function changeOf(
  document: ValuesDocument,
  position: number | undefined,
  edits: readonly ScalarEdit[],
): Change {
  const change: Change = { position, splices: [], values: [] };
  const crossed = new Map<string, { crossing: Crossing; inner: ScalarEdit[] }>();
  const additions: ScalarEdit[] = [];
  for (const edit of edits) {
    document.requireCertain(edit.keyPath);
    const value = scalarValue(edit.after);
    const crossing = document.crossing(edit.keyPath);
    if (crossing) {
      const key = pathKey(crossing.block.keyPath);
      const group = crossed.get(key) ?? { crossing, inner: [] };
      group.inner.push({ keyPath: crossing.rest, before: edit.before, after: edit.after });
      crossed.set(key, group);
      continue;
    }
    document.requireCrossable(edit.keyPath);
    if (edit.before === null) additions.push(edit);
    else change.splices.push(replacement(document, edit));
    const others =
      edit.before === null
        ? document.sharedWith(edit.keyPath)
        : document.scalar(edit.keyPath).sharedBy;
    change.values.push(...[edit.keyPath, ...others].map((path) => ({ path, value })));
  }
  for (const { crossing, inner } of crossed.values()) applyInside(change, crossing, inner);
  change.splices.push(...additionSplices(document, additions));
  return change;
}

function replacement(document: ValuesDocument, edit: ScalarEdit): Splice {
  const place = document.scalar(edit.keyPath);
  if (place.source !== edit.before) {
    throw new WarRoomError(
      'proposal-stale',
      `${editText(edit)} is ${place.source.trim()} now and no longer ${(edit.before ?? '').trim()}, so nothing was changed; look at the new proposal.`,
    );
  }
  return { start: place.start, end: place.end, text: edit.after };
}

function applyInside(change: Change, { block, way }: Crossing, edits: readonly ScalarEdit[]): void {
  const inside = editedText(String(block.value), edits);
  change.splices.push(
    ...inside.splices.map(({ start, end, text }) => {
      return { start: way.outerIndex(start), end: way.outerIndex(end), text: way.outerText(text) };
    }),
  );
  const paths = [block.keyPath, ...block.sharedBy];
  change.values.push(...paths.map((path) => ({ path, value: inside.text })));
}

/** True if exactly the edited values differ, and differ as meant. */
function isAsMeant(before: ValuesDocument, changes: readonly Change[], text: string): boolean {
  const expected = before.documents.map(({ value }) => structuredClone(value));
  for (const { position = 0, values } of changes) {
    for (const { path, value } of values) {
      expected[position] = setIn(expected[position], path, value);
    }
  }
  try {
    const after = ValuesDocument.parseText(text).documents.map(({ value }) => value);
    return isDeepStrictEqual(expected, after);
  } catch (error) {
    if (WarRoomError.is(error, 'values-unparsable')) return false;
    throw error;
  }
}

function changesMore(edits: readonly ScalarEdit[]): WarRoomError {
  return new WarRoomError(
    'values-ambiguous',
    `Changing ${edits.map(editText).join(' and ')} would change other values of the file too, so it was left as it is; change it by hand.`,
  );
}
