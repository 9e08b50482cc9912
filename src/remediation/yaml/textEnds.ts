import { isMap, isScalar, isSeq } from 'yaml';
import type { Node, YAMLSeq } from 'yaml';

import type { MapNode } from './resolvedDocument';

/** The last key of a mapping or the last entry of a list: where the last line of it begins. */
export function lastChild(node: MapNode | YAMLSeq<Node>): Node | undefined {
  return isMap<Node, Node | null>(node) ? node.items.at(-1)?.key : node.items.at(-1);
}

/**
 * Where the last text of a node ends, without comments and line breaks behind it.
 * @param which `last` to look behind the last entry also where brackets close the node
 */
export function endOfText(node: Node, which: 'whole' | 'last' = 'whole'): number {
  const closed = (isMap(node) || isSeq(node)) && node.flow === true && which === 'whole';
  if (!closed && isMap<Node, Node | null>(node)) {
    const last = node.items.at(-1);
    if (last) return endOfText(last.value ?? last.key);
  }
  if (!closed && isSeq<Node>(node)) {
    const last = node.items.at(-1);
    if (last) return endOfText(last);
  }
  if (isScalar(node) && node.value === null && node.source === '') return node.range?.[0] ?? 0;
  return node.range?.[1] ?? 0;
}

/** The line break that ends the line of an index, or the end of the text; blocks end with theirs. */
export function lineBreakAfter(text: string, index: number): number {
  const from = text[index - 1] === '\n' ? index - 1 : index;
  const newline = text.indexOf('\n', from);
  if (newline < 0) return text.length;
  return text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** The line break of the line of an index, or of the line before it. */
export function lineEndNear(text: string, index: number, otherwise: string): string {
  const newline = text.indexOf('\n', index);
  const before = newline < 0 ? text.lastIndexOf('\n', index) : newline;
  if (before < 0) return otherwise;
  return text[before - 1] === '\r' ? '\r\n' : '\n';
}
