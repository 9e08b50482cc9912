import { isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';

import { WarRoomError } from '../../base/errors';
import type { ScalarEdit } from '../../incident/proposal';
import { pathText } from './keyPath';
import type { Splice } from './splice';
import type { ValuesDocument } from './valuesDocument';

/**
 * The splice that adds a key behind the last one of its parent, in the parent's own indentation and
 * line ends. Only where the parent is a plain block mapping that belongs to this path alone.
 * @throws code `values-key-missing`, `values-ambiguous`
 */
export function insertion(document: ValuesDocument, edit: ScalarEdit): Splice {
  const parentPath = edit.keyPath.slice(0, -1);
  const key = edit.keyPath.at(-1);
  const parent = document.mapping(parentPath);
  if (document.has(edit.keyPath)) throw refusal(edit, 'values-ambiguous', 'the key is there now');
  if (!parent || typeof key !== 'string' || !/^[A-Za-z_][\w.-]*$/.test(key)) {
    throw refusal(
      edit,
      'values-key-missing',
      `the file has no ${pathText(parentPath)} to add it to`,
    );
  }
  const last = parent.items.at(-1);
  if (parent.flow || parent.anchor || !last || !isScalar(last.key) || !last.key.range) {
    throw refusal(
      edit,
      'values-key-missing',
      `${pathText(parentPath)} is not a plain block of keys`,
    );
  }
  const { text } = document.source;
  const indent = indentOf(text, last.key.range[0]);
  const at = lineEndAfter(text, endOf(last));
  const lineEnd = lineEndNear(text, last.key.range[0]);
  const line = `${indent}${key}: ${edit.after}`;
  const byte = document.source.byteAt(at);
  const added = at > 0 && text[at - 1] !== '\n' ? `${lineEnd}${line}` : `${line}${lineEnd}`;
  return { start: byte, end: byte, text: added };
}

/** Blanks up to the key: of `  - name: x` the place under `name`. */
function indentOf(text: string, keyStart: number): string {
  const lineStart = text.lastIndexOf('\n', keyStart - 1) + 1;
  return text.slice(lineStart, keyStart).replace(/[^\t]/g, ' ');
}

/** Where the last text of a pair ends. */
function endOf(pair: Pair<Node, Node | null>): number {
  const { key, value } = pair;
  if (isMap<Node, Node | null>(value) && !value.flow && value.items.length > 0) {
    return endOf(value.items[value.items.length - 1] as Pair<Node, Node | null>);
  }
  if (isSeq<Node>(value) && !value.flow) return value.range?.[1] ?? 0;
  return value?.range?.[1] ?? key.range?.[1] ?? 0;
}

/** The start of the line behind `index`, or the end of the text. A block scalar ends with its line. */
function lineEndAfter(text: string, index: number): number {
  if (text[index - 1] === '\n') return index;
  const newline = text.indexOf('\n', index);
  return newline < 0 ? text.length : newline + 1;
}

function lineEndNear(text: string, index: number): string {
  const newline = text.indexOf('\n', index);
  const before = newline < 0 ? text.lastIndexOf('\n', index) : newline;
  return text[before - 1] === '\r' ? '\r\n' : '\n';
}

function refusal(
  edit: ScalarEdit,
  code: 'values-key-missing' | 'values-ambiguous',
  why: string,
): WarRoomError {
  return new WarRoomError(
    code,
    `${pathText(edit.keyPath)} cannot be added because ${why}, so the file was left as it is; add it by hand.`,
  );
}

/** True where {@link insertion} would accept the mapping as a parent. */
export function acceptsKeys(mapping: YAMLMap<Node, Node | null> | undefined): boolean {
  return mapping !== undefined && !mapping.flow && !mapping.anchor && mapping.items.length > 0;
}
