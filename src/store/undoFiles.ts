import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { makePrivateFolder, readIfThere, writeAtomically } from '../base/privateFiles';

/** Bytes that Accept needs to be taken back, in one folder; names are plain file names. */
export class UndoFiles {
  constructor(private readonly folder: string) {}

  async save(name: string, bytes: Uint8Array): Promise<void> {
    await makePrivateFolder(this.folder);
    await writeAtomically(join(this.folder, name), bytes);
  }

  /** Undefined where nothing was saved under the name. */
  async read(name: string): Promise<Uint8Array | undefined> {
    return readIfThere(join(this.folder, name));
  }

  /** Forgets all of it. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
