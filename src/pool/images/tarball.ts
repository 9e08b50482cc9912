import { Readable } from 'node:stream';

import { create } from 'tar';
import type { WriteEntry } from 'tar';

/** Images are the same whenever they are built. Compiled Python is checked against this time. */
const madeAt = new Date('2000-01-01T00:00:00Z');

/**
 * A folder's content as a tar that an engine takes: everything belongs to root, and everybody may
 * read it, whatever it is on this machine. Folders that all may write, such as `/tmp`, stay so.
 * @param follow true: files take the place of the links to them
 */
export function tarOf(folder: string, follow = false): Readable {
  const pack = create(
    { cwd: folder, portable: true, follow, mtime: madeAt, onWriteEntry: setModes },
    ['.'],
  );
  return Readable.from(pack, { objectMode: false });
}

function setModes(entry: WriteEntry): void {
  const { stat } = entry;
  if (!stat) return;
  const kind = stat.mode & ~0o7777;
  if (stat.isDirectory() && (stat.mode & 0o002) !== 0) {
    // A portable entry is open to nobody else to write.
    entry.portable = false;
    stat.uid = 0;
    stat.gid = 0;
    stat.mode = kind | 0o1777;
  } else {
    stat.mode = kind | (stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
}
