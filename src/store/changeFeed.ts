import { join } from 'node:path';

import type { DisposableLike } from '../base/disposables';
import { Emitter } from '../base/emitter';
import type { Event } from '../base/emitter';
import { FolderWatch } from './folderWatch';
import { makePrivateFolder, writeAtomically } from '../base/privateFiles';

const pollMs = 2_000;

/** What the feed asks of the store. */
export interface Versions {
  ids(): Promise<readonly string[]>;
  /** Something that differs after every write; undefined when there is nothing. */
  versionOf(id: string): Promise<string | undefined>;
}

/**
 * Tells which incidents were written or removed, by this process or another. Every write also
 * touches the one folder `bell`, since watching one is cheap and watching hundreds is not.
 */
export class ChangeFeed implements DisposableLike {
  private readonly changes = new Emitter<string>();
  private readonly known = new Map<string, string>();
  private readonly watch: FolderWatch;

  constructor(
    private readonly bell: string,
    private readonly versions: Versions,
  ) {
    this.watch = new FolderWatch(bell, pollMs, () => this.look());
  }

  /** Learns what is there already, so that only what comes later is told. */
  async open(): Promise<void> {
    await makePrivateFolder(this.bell);
    for (const id of await this.versions.ids()) await this.remember(id);
  }

  /** The ids; others' changes are looked for from the first listener on. */
  readonly onDidChange: Event<string> = (listener) => {
    const listening = this.changes.event(listener);
    this.watch.start();
    return listening;
  };

  /** Tells a change that this process made. */
  async tell(id: string): Promise<void> {
    await this.remember(id);
    await writeAtomically(join(this.bell, 'last'), id);
    this.changes.fire(id);
  }

  dispose(): void {
    this.watch.dispose();
    this.changes.dispose();
  }

  private async look(): Promise<void> {
    const ids = new Set([...this.known.keys(), ...(await this.versions.ids())]);
    for (const id of ids) {
      const before = this.known.get(id);
      if ((await this.remember(id)) !== before) this.changes.fire(id);
    }
  }

  private async remember(id: string): Promise<string | undefined> {
    const version = await this.versions.versionOf(id);
    if (version === undefined) this.known.delete(id);
    else this.known.set(id, version);
    return version;
  }
}
