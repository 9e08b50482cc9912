import type { ScalarEdit } from '../../incident/proposal';
import { WarRoomError } from '../../base/errors';
import { editText } from './keyPath';
import type { KeyPath } from './keyPath';
import { scalarValue } from './scalarText';

/** What is added at one place: a scalar's source text, or keys and entries with what they hold. */
export type Addition =
  { kind: 'text'; source: string } | { kind: 'map' | 'list'; entries: AddedEntry[] };

/** A key or a list's position with what is added there. */
export interface AddedEntry {
  key: string | number;
  value: Addition;
}

/** An addition with its path from where something stands already. */
export interface RelativeEdit {
  edit: ScalarEdit;
  rest: KeyPath;
}

/**
 * Joins additions below one place into one, in the order in which they are given.
 * @param first position of the first entry that is added, where the place holds a list
 * @throws code `values-ambiguous` when they contradict each other or leave out a position
 */
export function joined(edits: readonly RelativeEdit[], first = 0): Addition {
  const [one, ...others] = edits;
  if (!one) throw new WarRoomError('internal', 'There is nothing to add.');
  const [head] = one.rest;
  if (head === undefined) {
    if (others.length > 0) throw contradiction(one.edit, 'it is set twice');
    return { kind: 'text', source: lineOf(one.edit) };
  }
  const kind = typeof head === 'number' ? 'list' : 'map';
  const keys = new Set(edits.map(({ rest }) => rest[0]));
  const entries = [...keys].map((key, index): AddedEntry => {
    if (key === undefined || (typeof key === 'number') !== (kind === 'list')) {
      throw contradiction(one.edit, 'another value is set at the same place');
    }
    if (kind === 'list' && key !== first + index) {
      throw contradiction(one.edit, `the next entry of the list would be ${first + index}`);
    }
    const below = edits.filter(({ rest }) => rest[0] === key);
    return { key, value: joined(below.map(({ edit, rest }) => ({ edit, rest: rest.slice(1) }))) };
  });
  return { kind, entries };
}

function lineOf(edit: ScalarEdit): string {
  scalarValue(edit.after);
  if (!/[\r\n]/.test(edit.after)) return edit.after;
  throw new WarRoomError(
    'wrong-usage',
    `${editText(edit)} would be added as text of several lines, so nothing was changed; use one line.`,
  );
}

function contradiction(edit: ScalarEdit, why: string): WarRoomError {
  return new WarRoomError(
    'values-ambiguous',
    `${editText(edit)} cannot be added because ${why}, so the file was left as it is; add it by hand.`,
  );
}
