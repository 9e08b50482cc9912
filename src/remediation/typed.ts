import type { ScalarEdit } from '../incident/proposal';
import { editText } from './yaml/keyPath';

/** Values that a person typed in place of proposed ones, by {@link typedKey}. */
export type TypedValues = Readonly<Record<string, string>>;

/** What names an edit among those of all files: two overlays of a chart hold the same key. */
export function typedKey(file: string, edit: Named): string {
  return namedKey(file, editText(edit));
}

/** The same for an edit that is known by its `editText`. */
export function namedKey(file: string, name: string): string {
  return `${file}:${name}`;
}

/** What was typed for an edit; a key path without a file is meant for every file that holds it. */
export function typedFor(values: TypedValues, file: string, edit: Named): string | undefined {
  return values[typedKey(file, edit)] ?? values[editText(edit)];
}

type Named = Pick<ScalarEdit, 'keyPath' | 'document'>;
