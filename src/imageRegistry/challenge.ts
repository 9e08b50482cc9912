/** How a server wants to be told who asks, of its `WWW-Authenticate`. */
export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  scheme: string;
  /** By their names in lower case. */
  parameters: Readonly<Record<string, string>>;
}

const parameter = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/y;
const scheme = /([a-z][\w-]*)(?=[\s,]|$)/iy;
const separator = /[\s,]+/y;

/** The challenges of a header in their order; what is not understood is passed over. */
export function challengesIn(header: string): Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  const take = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at;
    return pattern.exec(header);
  };
  for (let at = 0; at < header.length;) {
    const given = take(parameter, at);
    const named = given ? null : take(scheme, at);
    const [, name = '', quoted, bare = ''] = given ?? [];
    const current = found.at(-1);
    if (given && current) {
      current.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare;
    }
    if (named) found.push({ scheme: (named[1] ?? '').toLowerCase(), parameters: {} });
    const read = given ?? named ?? take(separator, at);
    at += read?.[0].length ?? 1;
  }
  return found;
}
