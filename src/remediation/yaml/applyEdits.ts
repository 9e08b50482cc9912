import { isDeepStrictEqual } from 'node:util';

import { WarRoomError } from '../../base/errors';
import type { ScalarEdit } from '../../incident/proposal';
import { insertion } from './insertKey';
import { pathKey, pathText } from './keyPath';
import { scalarValue } from './scalarText';
import { distinct, spliced } from './splice';
import type { Splice } from './splice';
import { ValuesDocument } from './valuesDocument';

/**
 * The file with the named scalars changed and every other byte as it was. The result is parsed and
 * compared with the intended change before it is given out.
 * @throws code `values-unparsable`, `values-key-missing`, `values-ambiguous`; `proposal-stale` when a
 *   scalar is not `before` any more; `wrong-usage` when `after` is not one scalar
 */
export function applyEdits(bytes: Uint8Array, edits: readonly ScalarEdit[]): Uint8Array {
  const document = ValuesDocument.parse(bytes);
  const values = edits.map((edit) => scalarValue(edit.after));
  const splices = edits.map((edit) => spliceFor(document, edit));
  const result = spliced(bytes, distinct(splices));
  verify(document, edits, values, ValuesDocument.parse(result));
  return result;
}

function spliceFor(document: ValuesDocument, edit: ScalarEdit): Splice {
  if (edit.before === null) return insertion(document, edit);
  const place = document.scalar(edit.keyPath);
  if (place.source !== edit.before) {
    throw new WarRoomError(
      'proposal-stale',
      `${pathText(edit.keyPath)} is ${place.source.trim()} now and no longer ${edit.before.trim()}, so nothing was changed; look at the new proposal.`,
    );
  }
  const { source } = document;
  return { start: source.byteAt(place.start), end: source.byteAt(place.end), text: edit.after };
}

/** Throws unless exactly the edited scalars differ, and differ as meant. */
function verify(
  before: ValuesDocument,
  edits: readonly ScalarEdit[],
  values: readonly unknown[],
  after: ValuesDocument,
): void {
  const expected = valuesOf(before);
  for (const [index, { keyPath }] of edits.entries()) {
    const paths = [keyPath, ...(before.find(keyPath)?.sharedBy ?? [])];
    for (const path of paths) expected.set(pathKey(path), values[index]);
  }
  if (isDeepStrictEqual(expected, valuesOf(after))) return;
  throw new WarRoomError(
    'values-ambiguous',
    `Changing ${edits.map((edit) => pathText(edit.keyPath)).join(' and ')} would change other values of the file too, so it was left as it is; change it by hand.`,
  );
}

function valuesOf(document: ValuesDocument): Map<string, unknown> {
  return new Map(document.scalars().map((place) => [pathKey(place.keyPath), place.value]));
}
