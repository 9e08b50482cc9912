import type { AddedEntry, Addition } from './addition';
import type { Layout } from './layout';
import { scalarValue } from './scalarText';

/** What additions look like beside what is there. */
export interface Style extends Pick<Layout, 'step' | 'listStep'> {
  /** Quotes that the texts beside it have. */
  quote: 'none' | 'single' | 'double';
  /** Keys are quoted, as in JSON. */
  quotedKeys: boolean;
}

/** Lines of a block at a column. */
export function blockLines(addition: Addition, column: number, style: Style): string[] {
  switch (addition.kind) {
    case 'text':
      return [' '.repeat(column) + inQuotes(addition.source, style.quote)];
    case 'map':
      return addition.entries.flatMap((entry) => pairLines(entry, column, style));
    case 'list':
      return addition.entries.flatMap(({ value }) => itemLines(value, column, 2, style));
  }
}

/**
 * Lines of one list entry.
 * @param gap columns from the dash to what stands behind it
 */
export function itemLines(value: Addition, column: number, gap: number, style: Style): string[] {
  const [first = '', ...rest] = blockLines(value, column + gap, style);
  const dash = `${' '.repeat(column)}-${' '.repeat(gap - 1)}`;
  return [dash + first.slice(column + gap), ...rest];
}

function pairLines({ key, value }: AddedEntry, column: number, style: Style): string[] {
  const head = `${' '.repeat(column)}${keyText(String(key), style)}:`;
  if (value.kind === 'text') return [`${head} ${inQuotes(value.source, style.quote)}`];
  const below = column + (value.kind === 'list' ? style.listStep : style.step);
  return [head, ...blockLines(value, below, style)];
}

/** The addition as it stands within `{}` or `[]`. */
export function flowText(addition: Addition, style: Style): string {
  switch (addition.kind) {
    case 'text':
      return inFlow(inQuotes(addition.source, style.quote));
    case 'map':
      return `{${flowEntries(addition, style).join(', ')}}`;
    case 'list':
      return `[${flowEntries(addition, style).join(', ')}]`;
  }
}

/** The entries of a map or list, each as it stands within the brackets. */
export function flowEntries(addition: Addition, style: Style): string[] {
  if (addition.kind === 'text') return [flowText(addition, style)];
  return addition.entries.map(({ key, value }) =>
    typeof key === 'number'
      ? flowText(value, style)
      : `${keyText(key, style)}: ${flowText(value, style)}`,
  );
}

function keyText(key: string, { quotedKeys }: Style): string {
  return quotedKeys || !isPlain(key) ? JSON.stringify(key) : key;
}

/** True if the text, written without quotes, is read as itself. */
export function isPlain(text: string): boolean {
  try {
    return !/[,[\]{}#]|^<<$/.test(text) && scalarValue(text) === text;
  } catch {
    return false;
  }
}

/** A plain text in the quotes of the texts around it; numbers and what has quotes stay. */
export function inQuotes(source: string, quote: Style['quote']): string {
  if (quote === 'none' || /^["'|>]/.test(source)) return source;
  const value = scalarValue(source);
  if (typeof value !== 'string') return source;
  return quote === 'double' ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
}

function inFlow(source: string): string {
  return /^["']/.test(source) || !/[,[\]{}]/.test(source)
    ? source
    : JSON.stringify(scalarValue(source));
}
