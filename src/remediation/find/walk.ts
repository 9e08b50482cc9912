import { lstat, readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

import type { Clock } from '../../base/clock';
import { throwIfCancelled } from '../../base/deadline';

/** The YAML files and templates of a folder. */
export interface FileIndex {
  root: string;
  /** Relative to the root, with `/`; `helm-values` first, then nearest to the root. */
  files: readonly string[];
  /** Files of other repositories below the root, and links out of it, which are never read. */
  outside: readonly string[];
  /** False when the search ended at its limit of time or files. */
  complete: boolean;
}

export interface WalkLimits {
  clock: Clock;
  /** Monotonic time at which the search ends with what it has. */
  until: number;
  /** Directory entries that may be looked at. */
  entries: number;
}

const skipped = new Set([
  ...['.git', '.hg', '.svn', 'node_modules', 'vendor', 'dist', 'out', 'build', 'target'],
  ...['.venv', 'venv', '__pycache__', '.terraform', '.cache', '.idea', '.vscode', 'coverage'],
]);

/** Where values usually lie: looked at first, so that thousands of charts cannot use up the limit. */
const usual = /^helm-values(?:\/|$)/;

const wanted = /(?:\.(?:ya?ml|tpl|gotmpl|jsonnet|libsonnet|tf)|^Kustomization)$/i;

/**
 * Lists the YAML files under a root, `helm-values` first, then breadth first, without following links to folders. What lies
 * in a repository of its own, such as a submodule, counts as outside.
 * @throws code `cancelled`
 */
export async function walk(
  root: string,
  limits: WalkLimits,
  signal: AbortSignal,
): Promise<FileIndex> {
  const files: string[] = [];
  const outside: string[] = [];
  const folders = [{ path: '', isOurs: true }];
  let left = limits.entries;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    throwIfCancelled(signal);
    const entries = await entriesOf(join(root, folder.path));
    const isOurs = folder.isOurs && !(folder.path && entries.some(({ name }) => name === '.git'));
    for (const entry of entries) {
      if (left-- <= 0 || limits.clock.monotonic() > limits.until) {
        return { root, files, outside, complete: false };
      }
      const path = folder.path ? `${folder.path}/${entry.name}` : entry.name;
      if (entry.isDirectory() && !skipped.has(entry.name)) {
        if (usual.test(path)) folders.unshift({ path, isOurs });
        else folders.push({ path, isOurs });
      }
      if (!wanted.test(entry.name)) continue;
      if (entry.isFile()) (isOurs ? files : outside).push(path);
      if (entry.isSymbolicLink()) ((await leadsOut(root, path)) ? outside : files).push(path);
    }
  }
  return { root, files, outside, complete: true };
}

async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // A folder that may not be read cannot hold the file that is looked for.
    return [];
  }
}

/** True if the path, all links followed, lies outside the root or in another repository, or nowhere. */
export async function leadsOut(root: string, path: string): Promise<boolean> {
  try {
    const within = relative(await realpath(root), await realpath(join(root, path)));
    if (within === '' || within.startsWith('..') || isAbsolute(within)) return true;
    return (await repositoryAround(root, within)) !== undefined;
  } catch {
    return true;
  }
}

/** The folder between root and file that is a repository of its own, as a submodule is. */
export async function repositoryAround(root: string, path: string): Promise<string | undefined> {
  const parts = path.split(sep).join('/').split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/');
    const there = await lstat(join(root, folder, '.git')).catch(() => undefined);
    if (there) return folder;
  }
  return undefined;
}
