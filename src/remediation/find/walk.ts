import { readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';

import type { Clock } from '../../base/clock';
import { throwIfCancelled } from '../../base/deadline';

/** The YAML files and templates of a folder. */
export interface FileIndex {
  root: string;
  /** Relative to the root, with `/`; nearest to the root first. */
  files: readonly string[];
  /** Links that lead out of the root; what is behind them is never read. */
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

const wanted = /\.(?:ya?ml|tpl)$/i;

/**
 * Lists the YAML files under a root, breadth first, without following links to folders.
 * @throws code `cancelled`
 */
export async function walk(
  root: string,
  limits: WalkLimits,
  signal: AbortSignal,
): Promise<FileIndex> {
  const files: string[] = [];
  const outside: string[] = [];
  const folders = [''];
  let left = limits.entries;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    throwIfCancelled(signal);
    for (const entry of await entriesOf(join(root, folder))) {
      if (left-- <= 0 || limits.clock.monotonic() > limits.until) {
        return { root, files, outside, complete: false };
      }
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory() && !skipped.has(entry.name)) folders.push(path);
      else if (entry.isFile() && wanted.test(entry.name)) files.push(path);
      else if (entry.isSymbolicLink() && wanted.test(entry.name)) {
        ((await leadsOut(root, path)) ? outside : files).push(path);
      }
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

/** True if the path, all links followed, lies outside the root, or leads nowhere. */
export async function leadsOut(root: string, path: string): Promise<boolean> {
  try {
    const within = relative(await realpath(root), await realpath(join(root, path)));
    return within === '' || within.startsWith('..') || isAbsolute(within);
  } catch {
    return true;
  }
}
