import { isDeepStrictEqual } from 'node:util';

import type { ScalarEdit } from '../../incident/proposal';
import { startsWith } from './keyPath';
import type { KeyPath } from './keyPath';
import { scalarValue } from './scalarText';
import type { ScalarPlace, ValuesDocument } from './valuesDocument';

/** An entry that edits add to a list: known by its `name`, or by itself where it is a scalar. */
interface NewEntry {
  document: number | undefined;
  list: KeyPath;
  position: number;
  /** Below the entry, where it holds what it is known by. */
  mark: KeyPath;
  value: unknown;
}

/**
 * The edits as they are to be made on a text that may have changed since they were planned: a
 * list's new entry is where it stands already, or else behind the last one. Their order stays.
 */
export function settled(document: ValuesDocument, edits: readonly ScalarEdit[]): ScalarEdit[] {
  const moved = new Map<NewEntry, number>();
  const added = new Map<string, number>();
  const entries = edits.flatMap((edit) => newEntryOf(edit) ?? []);
  for (const entry of entries) {
    const text = document.at(entry.document);
    const there = positionOf(text, entry);
    if (there !== undefined) {
      moved.set(entry, there);
      continue;
    }
    const list = JSON.stringify([entry.document, entry.list]);
    const before = added.get(list) ?? 0;
    added.set(list, before + 1);
    moved.set(entry, (text.lengthOf(entry.list) ?? 0) + before);
  }
  return edits.map((edit) => {
    const entry = entries.find((one) => isBelow(edit, one));
    const position = entry && moved.get(entry);
    if (!entry || position === undefined) return edit;
    const rest = edit.keyPath.slice(entry.list.length + 1);
    return { ...edit, keyPath: [...entry.list, position, ...rest] };
  });
}

/** True where an edit sets a key of its own over the one that a merge key brings. */
export function isOverride(edit: { before: string | null }, place: ScalarPlace): boolean {
  return edit.before === null && place.inherited;
}

function newEntryOf(edit: ScalarEdit): NewEntry | undefined {
  if (edit.before !== null) return undefined;
  const { keyPath, document } = edit;
  const named = keyPath.at(-1) === 'name';
  const position = keyPath.at(named ? -2 : -1);
  if (typeof position !== 'number') return undefined;
  const list = keyPath.slice(0, named ? -2 : -1);
  const mark = named ? ['name'] : [];
  return { document, list, position, mark, value: scalarValue(edit.after) };
}

function positionOf(document: ValuesDocument, { list, mark, value }: NewEntry): number | undefined {
  const length = document.lengthOf(list) ?? 0;
  const positions = Array.from({ length }, (_, position) => position);
  return positions.find((position) => {
    const place = document.find([...list, position, ...mark]);
    return place !== undefined && isDeepStrictEqual(place.value, value);
  });
}

function isBelow(edit: ScalarEdit, { document, list, position }: NewEntry): boolean {
  const entry = [...list, position];
  return edit.before === null && edit.document === document && startsWith(edit.keyPath, entry);
}
