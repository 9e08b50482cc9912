import { Readable } from 'node:stream';

import { create } from 'tar';

/** Images are the same whenever they are built. Compiled Python is checked against this time. */
const madeAt = new Date('2000-01-01T00:00:00Z');

/**
 * A folder's content as a tar that an engine takes: everything belongs to root, and everybody may
 * read it, whatever it is on this machine.
 * @param follow true: files take the place of the links to them
 */
export function tarOf(folder: string, follow = false): Readable {
  const pack = create(
    {
      cwd: folder,
      portable: true,
      follow,
      mtime: madeAt,
      onWriteEntry: ({ stat }) => {
        if (stat) stat.mode = readableByAll(stat.mode, stat.isDirectory());
      },
    },
    ['.'],
  );
  return Readable.from(pack, { objectMode: false });
}

/** Keeps that a folder is open to all to write, as `/tmp` is. */
function readableByAll(mode: number, isFolder: boolean): number {
  const kind = mode & ~0o7777;
  if (isFolder && (mode & 0o002) !== 0) return kind | 0o1777;
  return kind | (isFolder || (mode & 0o100) !== 0 ? 0o755 : 0o644);
}
