import type { ScalarPlace } from './valuesDocument';

/** A text that stands inside a literal block (`|`) of another, and the way out of it. */
export interface BlockText {
  /** Index in the outer text of an index in the inner one. */
  outerIndex(index: number): number;
  /** Inner text with the line ends and the indentation that it has outside. */
  outerText(text: string): string;
}

/**
 * The way from the value of a literal block to its source. The block's own lines tell its
 * indentation, so that indicators need not be read.
 * @param outer the text that holds the block
 * @returns undefined where the lines of value and source do not match
 */
export function literalBlock(place: ScalarPlace, outer: string): BlockText | undefined {
  if (typeof place.value !== 'string' || !place.source.startsWith('|')) return undefined;
  const inner = place.value.split('\n');
  const starts = lineStarts(outer, place.start, inner.length);
  const first = inner.findIndex((line) => line !== '');
  const indent = lineAt(outer, starts[first]).length - (inner[first] ?? '').length;
  if (first < 0 || indent < 0) return undefined;
  const matches = inner.every((line, at) => {
    const source = lineAt(outer, starts[at]);
    return line === '' || source.slice(indent) === line;
  });
  if (!matches) return undefined;
  const blanks = lineAt(outer, starts[first]).slice(0, indent);
  const header = outer.indexOf('\n', place.start);
  const lineEnd = outer[header - 1] === '\r' ? '\r\n' : '\n';
  return {
    outerIndex(index) {
      const before = place.value as string;
      const line = before.slice(0, index).split('\n').length - 1;
      const column = index - (before.lastIndexOf('\n', index - 1) + 1);
      const start = starts[line] ?? outer.length;
      return start + Math.min(indent, lineAt(outer, start).length) + column;
    },
    outerText: (text) => text.replaceAll('\n', `${lineEnd}${blanks}`),
  };
}

/** Where the lines below the block's header begin. */
function lineStarts(text: string, header: number, count: number): number[] {
  const starts: number[] = [];
  let at = header;
  for (let line = 0; line < count; line++) {
    const newline = text.indexOf('\n', at);
    at = newline < 0 ? text.length : newline + 1;
    starts.push(at);
  }
  return starts;
}

function lineAt(text: string, start: number | undefined): string {
  if (start === undefined) return '';
  const newline = text.indexOf('\n', start);
  return text.slice(start, newline < 0 ? text.length : newline).replace(/\r$/, '');
}
