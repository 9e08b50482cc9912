import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';

import type { DisposableLike } from '../base/disposables';

const settleMs = 50;

/**
 * Calls `look` when something in a folder changes, and every `pollMs` besides, since file systems
 * over a network and containers report nothing. Never two looks at once; keeps no process alive.
 */
export class FolderWatch implements DisposableLike {
  private watcher: FSWatcher | undefined;
  private poll: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private looking = false;
  private disposed = false;

  constructor(
    private readonly folder: string,
    private readonly pollMs: number,
    private readonly look: () => Promise<void>,
  ) {}

  /** Begins to watch; a second call does nothing. */
  start(): void {
    if (this.poll || this.disposed) return;
    this.poll = setInterval(() => this.lookSoon(), this.pollMs).unref();
    try {
      this.watcher = watch(this.folder, { persistent: false }, () => this.lookSoon());
      this.watcher.on('error', () => this.stopWatcher());
    } catch {
      // No watches left on this machine: the poll serves.
    }
  }

  dispose(): void {
    this.disposed = true;
    this.stopWatcher();
    clearInterval(this.poll);
    clearTimeout(this.soon);
  }

  private stopWatcher(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }

  private lookSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      if (this.looking) this.lookSoon();
      else void this.lookOnce();
    }, settleMs).unref();
  }

  private async lookOnce(): Promise<void> {
    this.looking = true;
    try {
      if (!this.disposed) await this.look();
    } catch {
      // The folder is being removed, or the disk is away for a moment: the next look tells.
    } finally {
      this.looking = false;
    }
  }
}
