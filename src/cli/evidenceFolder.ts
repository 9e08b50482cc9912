import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { WarRoomError, messageOf } from '../base/errors';
import type { LogSource } from '../intake/source';

const mostFiles = 200;

/**
 * Every file under a folder as a source, named as the folder was given, in the order of their paths.
 * Hidden files are left out.
 * @throws code `unreadable-log`
 */
export async function evidenceFolder(folder: string): Promise<LogSource[]> {
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('it is not a folder');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    if (files.length > mostFiles) throw new Error(`it holds more than ${mostFiles} files`);
    return files.map((file) => ({ kind: 'file', path: file, source: file }));
  } catch (error) {
    throw new WarRoomError(
      'unreadable-log',
      `The evidence folder ${folder} could not be read: ${messageOf(error)}. Nothing was diagnosed.`,
    );
  }
}
