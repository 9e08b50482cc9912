import { lstat, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

import { WarRoomError } from '../base/errors';
import { repositoryAround } from '../remediation/find/walk';

/** How files of the working tree are read and written; the editor hands in its own. */
export interface FileAccess {
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** True while an editor holds edits of the file that are not saved. */
  isDirty?(path: string): boolean;
}

/** The file system itself. */
export const diskAccess: FileAccess = {
  readFile: (path) => readFile(path),
  writeFile: (path, bytes) => writeFile(path, bytes),
};

/**
 * Where a file of the repository really lies, absolute.
 * @param path relative to `root`, with `/`
 * @throws code `outside-workspace` when it is a way out, also over a symbolic link or into a
 *   submodule; `not-found`
 */
export async function placeInside(root: string, path: string): Promise<string> {
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined) {
    throw new WarRoomError('not-found', `${path} is not there any more, so nothing was changed.`);
  }
  const inside = relative(await realpath(root), real);
  if (isAbsolute(path) || isAbsolute(inside) || inside.split(sep)[0] === '..') {
    throw new WarRoomError(
      'outside-workspace',
      `${path} leads out of the repository to ${real}, so it was left as it is; change that file by hand.`,
    );
  }
  const other = await repositoryAround(root, path);
  if (other !== undefined) {
    throw new WarRoomError(
      'outside-workspace',
      `${path} belongs to the repository in ${other}, so it was left as it is; diagnose there.`,
    );
  }
  // A link within the repository is no file to git, but its target is.
  if (inside.split(sep).join('/') !== path) {
    throw new WarRoomError(
      'outside-workspace',
      `${path} is a symbolic link to ${inside}, so it was left as it is; diagnose with that file instead.`,
    );
  }
  return real;
}

/**
 * The same for a file that need not exist yet: no folder above it may lead out.
 * @throws code `outside-workspace`
 */
export async function requireInside(root: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join('/');
    const there = await lstat(join(root, part)).catch(() => undefined);
    if (there === undefined) return;
    await placeInside(root, part);
    if (depth < parts.length && !there.isDirectory()) {
      throw new WarRoomError(
        'outside-workspace',
        `${part} is a file, so ${path} cannot be written below it; rename it, or set another folder for incidents. Nothing was changed.`,
      );
    }
  }
}

/**
 * Says why a file cannot be written.
 * @throws code `file-dirty`, `file-read-only`
 */
export async function requireWritable(
  access: FileAccess,
  place: string,
  path: string,
): Promise<void> {
  if (access.isDirty?.(place)) {
    throw new WarRoomError(
      'file-dirty',
      `${path} has edits that are not saved, so nothing was changed; save or revert them and accept again.`,
    );
  }
  // The mode and not `access`, which allows an administrator everything.
  const { mode } = await stat(place);
  if ((mode & 0o222) === 0) {
    throw new WarRoomError(
      'file-read-only',
      `${path} is read-only, so nothing was changed; make it writable and accept again.`,
    );
  }
}
