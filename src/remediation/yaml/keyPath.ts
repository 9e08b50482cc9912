/** Keys and list positions from the document's root. */
export type KeyPath = readonly (string | number)[];

/** The key path as people write it: `containers.0.resources`. The same text is used in decisions. */
export function pathText(path: KeyPath): string {
  return path.join('.');
}

/** A key for maps and comparisons that does not confuse `a.b` with `a`, `b`. */
export function pathKey(path: KeyPath): string {
  return JSON.stringify(path);
}

/** True if `path` begins with all of `prefix`. */
export function startsWith(path: KeyPath, prefix: KeyPath): boolean {
  return prefix.every((part, index) => path[index] === part);
}

/** True if `path` ends with all of `suffix`. */
export function endsWith(path: KeyPath, suffix: KeyPath): boolean {
  return startsWith(path.slice(-suffix.length), suffix) && path.length >= suffix.length;
}

/** What names an edit to a person and in decisions: its key path, with the document where it is not the first. */
export function editText(edit: { keyPath: KeyPath; document?: number }): string {
  const path = pathText(edit.keyPath);
  return edit.document ? `${path} (document ${edit.document + 1})` : path;
}
