import type { Labels } from './api';

/** A label and what it must be: that value, or (`=~`) what the whole of it must match. */
export type Matcher = readonly [label: string, operator: '=' | '=~', value: string];

/** A selector of PromQL for any of these names. */
export function selector(names: readonly string[], matchers: readonly Matcher[]): string {
  const name = ['__name__', '=~', names.join('|')] as const;
  const parts = [name, ...matchers].map(([label, is, value]) => `${label}${is}${quoted(value)}`);
  return `{${parts.join(',')}}`;
}

/** True where a series has all of it. */
export function fits(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every(([label, operator, value]) => {
    const held = labels[label] ?? '';
    return operator === '=' ? held === value : new RegExp(`^(?:${value})$`).test(held);
  });
}

/** A text that a pattern takes for itself; dots are what names of Kubernetes have of a pattern. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function quoted(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
