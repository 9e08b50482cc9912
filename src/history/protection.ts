/**
 * True if a branch is one that nobody commits to directly.
 * @param patterns globs as in the editor's `git.branchProtection`: `main`, `release/*`, `**`
 */
export function isProtectedBranch(branch: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => globExpression(pattern.trim()).test(branch));
}

/** `**` also crosses slashes, `*` and `?` do not; `{a,b}` is either. */
function globExpression(pattern: string): RegExp {
  const tokens = pattern.match(/\*\*\/?|\*|\?|\{[^{}]*\}|[^*?{]+|./g) ?? [];
  return new RegExp(`^${tokens.map(expressionOf).join('')}$`);
}

function expressionOf(token: string): string {
  if (token === '**/') return '(?:.*/)?';
  if (token === '**') return '.*';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (/^\{.*\}$/.test(token)) {
    return `(?:${token.slice(1, -1).split(',').map(literal).join('|')})`;
  }
  return literal(token);
}

function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
