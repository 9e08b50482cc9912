import { isMap, isScalar } from 'yaml';
import type { Node, Scalar } from 'yaml';

import { WarRoomError } from '../../base/errors';
import type { ScalarEdit } from '../../incident/proposal';
import { joined } from './addition';
import type { AddedEntry, Addition, RelativeEdit } from './addition';
import { blockLines, flowEntries, flowText, inQuotes, isPlain, itemLines } from './additionText';
import type { Style } from './additionText';
import { editText, pathText } from './keyPath';
import { columnAt, layoutOf } from './layout';
import type { Layout, Standing } from './layout';
import { isEmptyNode } from './parseDocuments';
import { isCollection } from './resolvedDocument';
import type { Seat } from './resolvedDocument';
import type { Splice } from './splice';
import { endOfText, lastChild, lineBreakAfter, lineEndNear } from './textEnds';
import type { ValuesDocument } from './valuesDocument';

/** What an addition is made to, and how the text around it looks. */
interface Spot {
  text: string;
  layout: Layout;
  node: Node;
  standing: Standing;
}

/**
 * The splices that add what is missing, in the file's own style: what has a place in common comes
 * behind the last entry of it, or takes the place of `{}`, `[]` or null.
 * @throws code `values-key-missing`, `values-ambiguous`, `wrong-usage`
 */
export function additionSplices(document: ValuesDocument, edits: readonly ScalarEdit[]): Splice[] {
  if (edits.length === 0) return [];
  const layout = layoutOf(document.resolved?.document, document.text);
  const groups = new Map<Node | null, RelativeEdit[]>();
  for (const edit of edits) {
    const seat = seatFor(document, edit);
    const node = seat?.node ?? null;
    const rest = edit.keyPath.slice(seat?.path.length ?? 0);
    groups.set(node, [...(groups.get(node) ?? []), { edit, rest }]);
  }
  // What is deeper inside comes first where two blocks end at the same line.
  const inner = [...groups].toSorted(([a], [b]) => startOf(b) - startOf(a));
  return inner.flatMap(([node, group]) => {
    if (!node) return atEndOf(document, group, layout);
    const standing = layout.standings.get(node);
    const [one] = group;
    if (!standing || !one) throw new WarRoomError('internal', 'A node of no document.');
    return spliceIn({ text: document.text, layout, node, standing }, group, one.edit);
  });
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** What an addition begins from: the nearest thing that is there, which can hold it. */
function seatFor(document: ValuesDocument, edit: ScalarEdit): Seat | undefined {
  const { keyPath } = edit;
  const own = document.resolved?.at(keyPath);
  if (own && !own.inherited) {
    if (own.node && isEmptyNode(own.node)) return own;
    throw refusal(edit, 'values-ambiguous', 'the key is there now');
  }
  const seat = document.deepest(keyPath);
  if (!seat) return undefined;
  document.requireCertain(seat.path);
  if (seat.disputed) {
    throw refusal(edit, 'values-ambiguous', `${pathText(seat.path)} is set by a merge key too`);
  }
  const next = keyPath[seat.path.length];
  if (isCollection(seat.node)) {
    if (isMap(seat.node) === (typeof next === 'string')) return seat;
    const is = isMap(seat.node) ? 'holds keys' : 'is a list';
    throw refusal(edit, 'values-ambiguous', `${pathText(seat.path)} ${is}`);
  }
  if (seat.node && isEmptyNode(seat.node)) return seat;
  throw refusal(edit, 'values-key-missing', `${pathText(seat.path)} is no block of keys`);
}

function spliceIn(spot: Spot, group: readonly RelativeEdit[], edit: ScalarEdit): Splice[] {
  const { node } = spot;
  if (!isCollection(node)) return inPlaceOf(spot, joined(group));
  const first = isMap(node) ? 0 : node.items.length;
  const addition = joined(group, first);
  if (node.items.length === 0) return inPlaceOf(spot, addition);
  if (node.flow) return behindFlow(spot, addition);
  return [behindBlock(spot, addition, edit)];
}

/** Behind the last entry of a block, in its column. */
function behindBlock(spot: Spot, addition: Addition, edit: ScalarEdit): Splice {
  const { text, node, layout } = spot;
  const last = isCollection(node) ? lastChild(node) : undefined;
  if (!last?.range) {
    throw refusal(edit, 'values-key-missing', 'the block around it has no plain last key');
  }
  const style = styleBeside(spot);
  let lines: string[];
  if (isMap(node)) {
    lines = blockLines(addition, columnAt(text, last.range[0]), style);
  } else {
    const column = columnAt(text, node.range?.[0] ?? 0);
    const gap = columnAt(text, last.range[0]) - column;
    lines = entriesOf(addition).flatMap(({ value }) =>
      itemLines(likeLast(value, last), column, gap >= 2 && gap <= 8 ? gap : 2, style),
    );
  }
  const at = lineBreakAfter(text, endOfText(node));
  const lineEnd = lineEndNear(text, last.range[0], layout.lineEnd);
  return { start: at, end: at, text: lines.map((line) => lineEnd + line).join('') };
}

/** In place of `{}`, `[]`, a written null, or behind a key that has no value. */
function inPlaceOf(spot: Spot, addition: Addition): Splice[] {
  const { text, layout, node, standing } = spot;
  const [start, end] = node.range ?? [0, 0];
  const style = styleBeside(spot);
  if (standing.inFlow) return [filled(text, start, end, flowText(addition, style))];
  if (addition.kind === 'text') {
    return [filled(text, start, end, blockLines(addition, 0, style).join(''))];
  }
  const lineEnd = lineEndNear(text, start, layout.lineEnd);
  if (standing.parent !== 'map') {
    const column = standing.parent === 'list' ? standing.column + 2 : 0;
    const [first = '', ...rest] = blockLines(addition, column, style);
    const lines = [first.slice(column), ...rest].join(lineEnd);
    return standing.parent === 'root' && start === end
      ? atLineOf(text, node.range?.[2] ?? 0, lines, lineEnd)
      : [filled(text, start, end, lines)];
  }
  const below = standing.column + (addition.kind === 'list' ? layout.listStep : layout.step);
  const at = lineBreakAfter(text, end);
  const lines = blockLines(addition, below, style).map((line) => lineEnd + line);
  const added = { start: at, end: at, text: lines.join('') };
  if (start === end) return [added];
  // The blank before what goes away goes with it.
  const from = text[start - 1] === ' ' ? start - 1 : start;
  return [{ start: from, end, text: '' }, added];
}

/** The text for a place, with the blanks that it needs around it where nothing stood. */
function filled(text: string, start: number, end: number, value: string): Splice {
  const before = start === end && /\S/.test(text[start - 1] ?? ' ') ? ' ' : '';
  const after = start === end && text[end] === '#' ? ' ' : '';
  return { start, end, text: before + value + after };
}

/** Behind the last entry within brackets; on a line of its own where that one has one. */
function behindFlow(spot: Spot, addition: Addition): Splice[] {
  const { text, node, layout } = spot;
  const last = isCollection(node) ? lastChild(node) : undefined;
  const lastStart = last?.range?.[0] ?? 0;
  const end = isCollection(node) ? endOfText(node, 'last') : 0;
  const entries = flowEntries(
    isMap(node) || !last ? addition : likeLastOf(addition, last),
    styleBeside(spot),
  );
  const indent = text.slice(lastStart - columnAt(text, lastStart), lastStart);
  if (indent.trim() !== '') {
    return [{ start: end, end, text: entries.map((entry) => `, ${entry}`).join('') }];
  }
  const lineEnd = lineEndNear(text, lastStart, layout.lineEnd);
  const trailing = /^\s*,/.test(text.slice(end));
  const at = lineBreakAfter(text, end);
  const lines = entries.map((entry) => lineEnd + indent + entry).join(',') + (trailing ? ',' : '');
  const comma = { start: end, end, text: ',' };
  return [...(trailing ? [] : [comma]), { start: at, end: at, text: lines }];
}

/** At the end of a text that holds nothing but comments. */
function atEndOf(
  document: ValuesDocument,
  group: readonly RelativeEdit[],
  layout: Layout,
): Splice[] {
  const style: Style = { ...layout, quote: 'none', quotedKeys: false };
  const { text } = document;
  const lines = blockLines(joined(group), 0, style).join(layout.lineEnd);
  return atLineOf(text, text.length, lines, layout.lineEnd);
}

function atLineOf(text: string, index: number, lines: string, lineEnd: string): Splice[] {
  if (index === 0) return [{ start: 0, end: 0, text: lines + lineEnd }];
  const at = lineBreakAfter(text, index);
  return [{ start: at, end: at, text: lineEnd + lines }];
}

/** Quotes are those of the texts beside it, where they all have the same. */
function styleBeside({ node, layout }: Spot): Style {
  const texts = textsBeside(node).filter(showsStyle);
  const types = new Set(texts.map((scalar) => scalar.type));
  const only = types.size === 1 ? [...types][0] : undefined;
  const key = isMap<Node, Node | null>(node) ? node.items.at(-1)?.key : undefined;
  const quotedKeys = isScalar(key) && key.type === 'QUOTE_DOUBLE';
  const quote = quotedKeys ? 'double' : quoteOf(only);
  return { step: layout.step, listStep: layout.listStep, quote, quotedKeys };
}

function quoteOf(type: string | undefined): Style['quote'] {
  return type === 'QUOTE_DOUBLE' ? 'double' : type === 'QUOTE_SINGLE' ? 'single' : 'none';
}

/** True for a text whose quotes, or their absence, the author chose: `"1"` needs them. */
function showsStyle({ value }: Scalar): boolean {
  return typeof value === 'string' && isPlain(value);
}

function entriesOf(addition: Addition): readonly AddedEntry[] {
  return addition.kind === 'text' ? [] : addition.entries;
}

function likeLastOf(addition: Addition, last: Node): Addition {
  if (addition.kind === 'text') return addition;
  const entries = addition.entries.map(({ key, value }) => ({ key, value: likeLast(value, last) }));
  return { ...addition, entries };
}

/** A list's new entry with the quotes that the same keys of the last entry have. */
function likeLast(value: Addition, last: Node): Addition {
  if (value.kind !== 'map' || !isMap<Node, Node | null>(last)) return value;
  const entries = value.entries.map((entry): AddedEntry => {
    const same = last.get(entry.key, true);
    if (entry.value.kind !== 'text' || !isScalar(same) || !showsStyle(same)) return entry;
    const source = inQuotes(entry.value.source, quoteOf(same.type));
    return { key: entry.key, value: { kind: 'text', source } };
  });
  return { kind: 'map', entries };
}

/** The values of a block; of a list those of its last entry. */
function textsBeside(node: Node): Scalar[] {
  if (!isCollection(node)) return [];
  const values = isMap<Node, Node | null>(node)
    ? node.items.map(({ value }) => value)
    : node.items.flatMap((item) => (isMap<Node, Node | null>(item) ? [] : [item]));
  return values.filter((value) => isScalar(value));
}

function refusal(
  edit: ScalarEdit,
  code: 'values-key-missing' | 'values-ambiguous',
  why: string,
): WarRoomError {
  return new WarRoomError(
    code,
    `${editText(edit)} cannot be added because ${why}, so the file was left as it is; add it by hand.`,
  );
}
