import type { PrefilterPattern } from '../../../src/intake/scan/prefilter';
import { patterns } from '../../../src/playbooks/engine/patterns';
import { playbooks } from '../../../src/playbooks/registry';
import { posixPattern } from '../../../src/playbooks/signals';

/** What so many playbooks look for, in our dialect, that of `grep -E` and that of ripgrep. */
export interface PatternsOfPlaybooks {
  prefilter: readonly PrefilterPattern[];
  posix: readonly string[];
  rust: readonly string[];
}

/**
 * The patterns of the first `count` playbooks, and those of all. Beyond the playbooks that there
 * are, their patterns come again behind another first letter, as patterns of failures that this log
 * does not tell of.
 */
export function patternsOf(count: number): PatternsOfPlaybooks {
  const prefilter = Array.from({ length: count }, (_, index) => {
    const playbook = playbooks[index % playbooks.length];
    const round = Math.floor(index / playbooks.length);
    return patterns
      .filter(({ use }) => 'playbook' in use && use.playbook === playbook)
      .map(({ regex, literals }) =>
        round === 0 ? { pattern: regex, literals } : other(regex, literals, round),
      );
  }).flat();
  return {
    prefilter,
    posix: prefilter.map(({ pattern }) => posixPattern(pattern)),
    rust: prefilter.map(({ pattern }) => rustPattern(pattern)),
  };
}

/** One part of an expression: an escape, a class of characters, the head of a named group. */
const part = /\\.|\[(?:[^\]\\]|\\.)+\]|\(\?<\w+>/g;

/** Words and digits are of ASCII in our dialect; in ripgrep's they would be a thousand ranges each. */
const ascii: Readonly<Record<string, string>> = { '\\w': '0-9A-Za-z_', '\\d': '0-9' };

/** Groups have no names, since one name may stand only once in all; only what has a meaning is escaped. */
function rustPattern({ source }: RegExp): string {
  const plain = (escape: string) => (/\\["'`/:=<>@,%!;~ ]/.test(escape) ? escape.slice(1) : escape);
  return source.replace(part, (text) => {
    if (text.startsWith('(')) return '(?:';
    const range = ascii[text];
    if (text.startsWith('\\')) return range ? `[${range}]` : plain(text);
    const inner = text
      .slice(1, -1)
      .replace(/\\.|\[/g, (one) => ascii[one] ?? (one === '[' ? '\\[' : plain(one)));
    return `[${inner}]`;
  });
}

function other(regex: RegExp, literals: readonly string[], round: number): PrefilterPattern {
  const mark = `zq${round}`;
  return {
    pattern: new RegExp(`${mark}(?:${regex.source})`, regex.flags),
    literals: literals.map((literal) => `${mark}${literal}`),
  };
}
