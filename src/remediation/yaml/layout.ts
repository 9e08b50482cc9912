import { isMap, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';

import type { ParsedDocument } from './parseDocuments';

/** Where a node stands in the text, aliases not followed. */
export interface Standing {
  /** Column of the key, or of the dash, that it belongs to; -1 for the root. */
  column: number;
  /** True within `{}` or `[]`. */
  inFlow: boolean;
  /** What it belongs to. */
  parent: 'root' | 'map' | 'list';
}

/** How a document is laid out: what additions to it should look like. */
export interface Layout {
  standings: ReadonlyMap<Node, Standing>;
  /** Columns from a key to the keys below it. */
  step: number;
  /** Columns from a key to the dashes below it. */
  listStep: number;
  lineEnd: '\n' | '\r\n';
}

/** Reads the layout of one document of a text; the most frequent steps count. */
export function layoutOf(document: ParsedDocument | undefined, text: string): Layout {
  const standings = new Map<Node, Standing>();
  const steps: number[] = [];
  const listSteps: number[] = [];
  const visit = (node: Node | null, standing: Standing): void => {
    if (!node || standings.has(node)) return;
    standings.set(node, standing);
    const flow = (isMap(node) || isSeq(node)) && node.flow === true;
    const inFlow = standing.inFlow || flow;
    if (isMap<Node, Node | null>(node)) {
      for (const { key, value } of node.items) {
        const column = columnAt(text, key.range?.[0] ?? 0);
        visit(key, { column, inFlow, parent: 'map' });
        visit(value, { column, inFlow, parent: 'map' });
        if (!value?.range || inFlow || (isScalar(value) && !value.range)) continue;
        const below = columnAt(text, value.range[0]) - column;
        if (isMap(value) && !value.flow && value.items.length > 0) steps.push(below);
        if (isSeq(value) && !value.flow) listSteps.push(below);
      }
    } else if (isSeq<Node>(node)) {
      const column = columnAt(text, node.range?.[0] ?? 0);
      for (const item of node.items) visit(item, { column, inFlow, parent: 'list' });
    }
  };
  visit(document?.contents ?? null, { column: -1, inFlow: false, parent: 'root' });
  return {
    standings,
    step: mostFrequent(steps.filter((step) => step > 0)) ?? 2,
    listStep: mostFrequent(listSteps.filter((step) => step >= 0)) ?? 2,
    lineEnd: /\r\n/.test(text) && !/[^\r]\n/.test(text) ? '\r\n' : '\n',
  };
}

/** Number of characters before an index on its line. */
export function columnAt(text: string, index: number): number {
  return index - (text.lastIndexOf('\n', index - 1) + 1);
}

function mostFrequent(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
