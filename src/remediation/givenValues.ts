import { WarRoomError } from '../base/errors';
import type { FileChange } from '../incident/proposal';
import { namedKey, typedKey, type TypedValues } from './typed';
import { editText } from './yaml/keyPath';
import { scalarValue } from './yaml/scalarText';

/**
 * Values that a person gave by name for the places that a proposal changes.
 * @param given source texts by key path, as `editText` writes it, or by `FILE:KEY`
 * @returns them by `typedKey`
 * @throws code `wrong-usage` when a name is none of the proposal's or two files', or a value is not
 *   exactly one scalar
 */
export function givenValues(files: readonly FileChange[], given: TypedValues): TypedValues {
  const places = files.flatMap(({ path, edits }) =>
    edits.map((edit) => ({
      key: typedKey(path, edit),
      names: [editText(edit), namedKey(path, editText(edit))],
    })),
  );
  const keyOf = (name: string): string => {
    const meant = places.filter(({ names }) => names.includes(name));
    const [only, other] = meant;
    if (only && !other) return only.key;
    const choice = (only ? meant : places).map(({ key }) => key).join(', ');
    const why = only ? 'stands in several files' : 'is no value of this change';
    throw new WarRoomError(
      'wrong-usage',
      `${name} ${why}, so nothing was changed; say one of these: ${choice || 'it has none'}.`,
    );
  };
  return Object.fromEntries(
    Object.entries(given).map(([name, source]) => {
      scalarValue(source);
      return [keyOf(name), source];
    }),
  );
}
