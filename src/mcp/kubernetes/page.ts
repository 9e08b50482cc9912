/**
 * A description as `kubectl describe` prints it: names with values behind them, sections beneath a
 * name, and tables as they are.
 */
export type Entry =
  | { name: string; value: string | readonly string[] }
  | { name: string; below: readonly Entry[] }
  | { lines: readonly string[] };

export function field(name: string, value: string | readonly string[] | undefined): Entry {
  return { name, value: value === undefined || value.length === 0 ? '<none>' : value };
}

/** A field only where there is a value. */
export function optional(name: string, value: string | undefined): Entry[] {
  return value === undefined || value === '' ? [] : [field(name, value)];
}

export function section(name: string, below: readonly Entry[]): Entry {
  return below.length > 0 ? { name, below } : field(name, undefined);
}

export function lines(text: readonly string[]): Entry {
  return { lines: text };
}

/** The text of a page; the values of neighbouring fields are aligned. */
export function render(entries: readonly Entry[]): string {
  return renderBelow(entries, '').join('\n');
}

function renderBelow(entries: readonly Entry[], indent: string): string[] {
  return entries.flatMap((entry, position) => {
    if ('lines' in entry) return entry.lines.map((line) => indent + line);
    if ('below' in entry)
      return [`${indent}${entry.name}:`, ...renderBelow(entry.below, `${indent}  `)];
    const width = widthAround(entries, position);
    const values = typeof entry.value === 'string' ? [entry.value] : entry.value;
    return values.map((value, line) => {
      const name = line === 0 ? `${entry.name}:` : '';
      return `${indent}${name.padEnd(width)}${value}`;
    });
  });
}

/** Width of the names of the fields that stand without a break around the one at `position`. */
function widthAround(entries: readonly Entry[], position: number): number {
  let first = position;
  while (isField(entries[first - 1])) first--;
  let last = position;
  while (isField(entries[last + 1])) last++;
  const names = entries.slice(first, last + 1).map((entry) => ('name' in entry ? entry.name : ''));
  return Math.max(...names.map((name) => name.length)) + 3;
}

function isField(entry: Entry | undefined): boolean {
  return entry !== undefined && 'value' in entry;
}

/** The whole object once more, as it was applied: kubectl does not show it either. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** `key=value` a line, sorted by key. */
export function pairs(values: Readonly<Record<string, string>> | undefined, joint = '='): string[] {
  return Object.entries(values ?? {})
    .filter(([key]) => key !== lastApplied)
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([key, value]) => `${key}${joint}${value}`.trimEnd().split('\n'));
}
