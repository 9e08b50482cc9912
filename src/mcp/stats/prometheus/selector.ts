import type { Matcher } from '../../shared/labels';

/** A selector of PromQL for any of these names. */
export function selector(names: readonly string[], matchers: readonly Matcher[]): string {
  const name = ['__name__', '=~', names.join('|')] as const;
  const parts = [name, ...matchers].map(([label, is, value]) => `${label}${is}${quoted(value)}`);
  return `{${parts.join(',')}}`;
}

function quoted(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
