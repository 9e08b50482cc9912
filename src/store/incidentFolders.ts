import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { WarRoomError } from '../base/errors';
import { isLocked, lockFolder } from '../base/folderLock';
import type { HeldLock } from '../base/folderLock';
import { hasCode } from '../base/privateFiles';
import { isIncidentId } from '../incident/id';
import { UndoFiles } from './undoFiles';

/** What of an incident one process has at a time: writing it, or running it. */
export type IncidentLock = 'update.lock' | 'run.lock';

/** Where the incidents of one repository lie: a folder each, with its locks in it. */
export class IncidentFolders {
  /** Folder of them all. */
  readonly all: string;

  constructor(root: string) {
    this.all = join(root, 'incidents');
  }

  /** @throws code `not-found` for what is no id, which could lead anywhere */
  of(id: string): string {
    if (!isIncidentId(id)) throw new WarRoomError('not-found', `${id} is not an incident's id.`);
    return join(this.all, id);
  }

  evidence(id: string): string {
    return join(this.of(id), 'evidence');
  }

  undo(id: string): UndoFiles {
    return new UndoFiles(join(this.of(id), 'undo'));
  }

  async ids(): Promise<string[]> {
    return (await readdir(this.all)).filter(isIncidentId);
  }

  /** Makes the folder; false where the id is taken. */
  claim(id: string): boolean {
    try {
      mkdirSync(this.of(id), { mode: 0o700 });
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  /** @throws code `locked` when another has it and keeps it for `waitMs`; `cancelled` */
  lock(id: string, name: IncidentLock, waitMs: number, signal?: AbortSignal): Promise<HeldLock> {
    return lockFolder(join(this.of(id), name), `Incident ${id}`, waitMs, signal);
  }

  /** True while a living process holds the lock. */
  isLocked(id: string, name: IncidentLock): Promise<boolean> {
    return isLocked(join(this.of(id), name));
  }
}
