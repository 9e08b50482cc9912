/** What many lines have in common, with `<*>` where they differ. */
export interface Template {
  text: string;
  count: number;
  /** The first and the last line of it, from 0. */
  first: number;
  last: number;
}

/** Where lines of one template differ. */
const wildcard = '<*>';
/** Tokens behind this one are not compared: their number may be hostile. */
const mostTokens = 60;
const longestLine = 2000;
/** Tokens that lead to a group of templates, besides the number of tokens. */
const depth = 2;
/** Other tokens at one place of the tree than these go one way. */
const mostChildren = 100;
/** Templates that a group keeps; what fits none of them joins the nearest. */
const mostInGroup = 50;
/** Share of equal tokens from which on a line is of a template. */
const similarity = 0.5;

interface Cluster {
  tokens: string[];
  count: number;
  first: number;
  last: number;
}

/**
 * The templates of a log by Drain (He et al., 2017), most frequent first: a tree of fixed depth
 * leads by the number of tokens and the first of them to a small group of templates, so that the
 * time is linear in the lines. Numbers, ids, times and addresses are places where lines may differ.
 * @param options.most templates that are returned
 */
export function templatesOf(lines: Iterable<string>, { most }: { most: number }): Template[] {
  const groups = new Map<string, Cluster[]>();
  const children = new Map<string, Set<string>>();
  let index = 0;
  for (const line of lines) {
    const at = index++;
    const tokens = tokensOf(line);
    if (tokens.length === 0) continue;
    const key = pathOf(tokens, children);
    const group = groups.get(key) ?? [];
    if (group.length === 0) groups.set(key, group);
    join(group, tokens, at);
  }
  return [...groups.values()]
    .flat()
    .sort((left, right) => right.count - left.count || left.first - right.first)
    .slice(0, most)
    .map(({ tokens, ...rest }) => ({ text: tokens.join(' '), ...rest }));
}

/** Parts of a token that are told apart by no template. */
const varying =
  /0x[\da-f]+|\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b|\b(?=[a-f]*\d)[\da-f]{7,64}\b|\d+(?:[.,:_-]\d+)*/gi;

function tokensOf(line: string): string[] {
  const words = line.slice(0, longestLine).trim().split(/\s+/, mostTokens);
  return words
    .filter((word) => word !== '')
    .map((word) => (/\d/.test(word) ? word.replace(varying, wildcard) : word));
}

function pathOf(tokens: readonly string[], children: Map<string, Set<string>>): string {
  let key = String(tokens.length);
  for (const token of tokens.slice(0, depth)) {
    const known = children.get(key) ?? new Set<string>();
    if (known.size === 0) children.set(key, known);
    const isFull = known.size >= mostChildren && !known.has(token);
    const step = token.includes(wildcard) || isFull ? wildcard : token;
    known.add(step);
    key = `${key} ${step}`;
  }
  return key;
}

function join(group: Cluster[], tokens: string[], at: number): void {
  let best: Cluster | undefined;
  let bestShare = -1;
  for (const cluster of group) {
    const share = likeness(cluster.tokens, tokens);
    if (share > bestShare) [best, bestShare] = [cluster, share];
  }
  if (!best || (bestShare < similarity && group.length < mostInGroup)) {
    group.push({ tokens, count: 1, first: at, last: at });
    return;
  }
  best.count++;
  best.last = at;
  for (const [place, token] of tokens.entries()) {
    if (best.tokens[place] !== token) best.tokens[place] = wildcard;
  }
}

/** Share of the places at which both are the same; a wildcard is like nothing but itself. */
function likeness(template: readonly string[], tokens: readonly string[]): number {
  let equal = 0;
  for (const [place, token] of tokens.entries()) if (template[place] === token) equal++;
  return equal / tokens.length;
}
