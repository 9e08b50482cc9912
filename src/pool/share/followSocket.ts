import { watch } from 'node:fs';
import { basename } from 'node:path';

import type { DisposableLike } from '../../base/disposables';
import type { PoolAddress } from './place';

const pollMs = 3_000;

/** Calls `onNews` when somebody may have become the pool, and when nobody may be any more. */
export function followSocket(address: PoolAddress, onNews: () => void): DisposableLike {
  if (address.folder === null) {
    // The pipes of Windows are in no folder that tells of changes.
    const timer = setInterval(onNews, pollMs);
    timer.unref();
    return { dispose: () => clearInterval(timer) };
  }
  const name = basename(address.socket);
  const watcher = watch(address.folder, { persistent: false }, (_, changed) => {
    if (changed === null || changed === name) onNews();
  });
  watcher.on('error', () => watcher.close());
  return { dispose: () => watcher.close() };
}
