import { patterns } from './engine/patterns';

/**
 * Every regular expression that the analyst searches for (signals, signs of recovery, facts), each
 * with the substrings (lower case, ASCII) of which at least one must occur, in any case, in a line
 * for it to match. A byte automaton over the literals may skip all other lines.
 */
export function prefilterPatterns(): readonly { literals: readonly string[]; pattern: RegExp }[] {
  return patterns.map(({ literals, regex }) => ({ literals, pattern: regex }));
}

/** The same expressions in the extended syntax of POSIX, for `grep -i -E`. */
export function posixPatterns(): string[] {
  return patterns.map(({ regex }) => posixPattern(regex));
}

/** One expression in the extended syntax of POSIX (with GNU's `\b`). */
export function posixPattern(regex: RegExp): string {
  return regex.source
    .replace(/\(\?(?:<\w+>|:)/g, '(')
    .replace(/\[\^\\n\]/g, '.') // grep knows no other lines
    .replace(/\\.|\[(?:[^\]\\]|\\.)+\]/g, (part) =>
      part.startsWith('[') ? posixClass(part) : part,
    )
    .replace(/\\d/g, '[0-9]')
    .replace(/\\\//g, '/');
}

const classes: Readonly<Record<string, string>> = {
  s: '[:space:]',
  S: '[:graph:]',
  d: '0-9',
  w: '[:alnum:]_',
  n: '\n',
  t: '\t',
};

/** A bracket expression without escapes: `]` first and `-` last, as POSIX wants it. */
function posixClass(source: string): string {
  const negated = source.startsWith('[^');
  let rest = '';
  let bracket = '';
  let dash = '';
  const body = source.slice(negated ? 2 : 1, -1);
  for (let at = 0; at < body.length; at++) {
    let char = body[at] ?? '';
    if (char === '\\') {
      char = body[++at] ?? '';
      const named = classes[char];
      if (named) {
        rest += named === '\n' ? '' : named;
        continue;
      }
    } else if (char === '-' && at > 0 && at < body.length - 1) {
      rest += char;
      continue;
    }
    if (char === ']') bracket = ']';
    else if (char === '-') dash = '-';
    else rest += char;
  }
  return `[${negated ? '^' : ''}${bracket}${rest}${dash}]`;
}
