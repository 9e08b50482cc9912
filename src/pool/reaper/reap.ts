import { setTimeout as sleep } from 'node:timers/promises';

import { isRunning, processWith } from '../../base/processIdentity';
import type { ProcessIdentity } from '../../base/processIdentity';
import type { EngineConnection } from '../engine/place';
import { isOfSameProcess } from '../ownership/owner';
import { listOurContainers, removeContainer } from './ourContainers';
import type { ReaperMessage } from './reaperMessage';

const firstPauseMs = 100;
const longestPauseMs = 1_000;

/** How long the reaper works after its owner has gone. */
export interface Patience {
  /** An engine that does not answer is waited for so long. */
  engineMs: number;
  /** An engine may still be making what the owner asked for in its last moment. */
  settleMs: number;
  /** Processes may end by themselves, as their input has. */
  graceMs: number;
}

interface Engine {
  connection: EngineConnection;
  owner: string;
}

/** What the reaper takes away when its owner has gone. */
export class Charge {
  private readonly engines = new Map<string, Engine>();
  private readonly children = new Map<number, Promise<ProcessIdentity | undefined>>();
  private isInOrder = false;

  take(message: ReaperMessage): void {
    switch (message.kind) {
      case 'engine':
        this.engines.set(JSON.stringify(message), message);
        return;
      case 'child':
        this.children.set(
          message.pid,
          processWith(message.pid).catch(() => undefined),
        );
        return;
      case 'childGone':
        this.children.delete(message.pid);
        return;
      case 'inOrder':
        this.isInOrder = true;
    }
  }

  /** @param patience asked again at every turn, since it may come to an end */
  async reap(patience: () => Patience): Promise<void> {
    const now = () => (this.isInOrder ? { ...patience(), settleMs: 0 } : patience());
    // In order means that only this line has ended; else the whole process is gone.
    const isLeft = (owner: string, own: string) =>
      owner === own || (!this.isInOrder && isOfSameProcess(owner, own));
    await Promise.all([
      ...[...this.engines.values()].map(({ connection, owner: own }) =>
        reapContainers(connection, (owner) => isLeft(owner, own), now),
      ),
      this.reapChildren(now),
    ]);
  }

  private async reapChildren(patience: () => Patience): Promise<void> {
    if (this.children.size === 0) return;
    const begin = performance.now();
    const known = await Promise.all(this.children.values());
    for (let left = known; ; await sleep(firstPauseMs)) {
      left = (await Promise.all(left.map(living))).filter((each) => each !== undefined);
      if (left.length === 0) return;
      if (performance.now() - begin < patience().graceMs) continue;
      for (const each of left) if (each) killGroup(each.pid);
      return;
    }
  }
}

/** Removes every container whose owner is gone, and waits for an engine that is down. */
async function reapContainers(
  connection: EngineConnection,
  isLeft: (owner: string) => boolean,
  patience: () => Patience,
): Promise<void> {
  const begin = performance.now();
  let noneSince: number | null = null;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const left = await removeAll(connection, isLeft);
    const now = performance.now();
    noneSince = left === 0 ? (noneSince ?? now) : null;
    const { engineMs, settleMs } = patience();
    if (noneSince !== null && now - noneSince >= settleMs) return;
    if (now - begin >= engineMs) return;
    await sleep(pauseMs);
  }
}

/** How many there were; null when the engine did not tell. Never rejects. */
async function removeAll(
  connection: EngineConnection,
  isLeft: (owner: string) => boolean,
): Promise<number | null> {
  try {
    const found = (await listOurContainers(connection)).filter(({ owner }) => isLeft(owner));
    const wereThere = await Promise.all(
      found.map(({ id }) => removeContainer(connection, id).catch(() => true)),
    );
    return wereThere.filter(Boolean).length;
  } catch {
    return null;
  }
}

async function living(process: ProcessIdentity | undefined): Promise<ProcessIdentity | undefined> {
  return process && (await isRunning(process)) ? process : undefined;
}

/** The process and, where it leads a group, those of its group. */
function killGroup(pid: number): void {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It is gone, or leads no group.
    }
  }
}
