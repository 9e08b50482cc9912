import type { Socket } from 'node:net';

import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Pool } from '../pool';
import { PeerSession } from './peerSession';
import type { PoolAddress } from './place';
import { bindSocket } from './poolSocket';
import type { BoundSocket } from './poolSocket';

/** A pool, and what was made with it. */
export interface MadePool {
  pool: Pool;
  /** Ends both; fulfilled when nothing of them is left. */
  dispose(): Promise<void>;
}

/** Serves the pool of this process to the other windows and commands. */
export class PoolHost {
  private readonly sessions = new Set<PeerSession>();
  private bound: BoundSocket | null = null;

  constructor(
    private readonly made: MadePool,
    private readonly log: Log,
  ) {}

  /** Lets others in; whoever calls it holds the pool's lock. */
  async listen(address: PoolAddress): Promise<void> {
    this.bound = await bindSocket(address, (socket) => this.welcome(socket));
  }

  /** Ends the connections, so that others look for another pool, and then the pool. */
  async dispose(): Promise<void> {
    const closed = this.bound?.close().catch((error: unknown) => {
      this.log.debug(`The pool's socket was not taken away: ${messageOf(error)}`);
    });
    for (const session of [...this.sessions]) session.dispose();
    await Promise.all([closed, this.made.dispose()]);
  }

  private welcome(socket: Socket): void {
    const session = new PeerSession(socket, this.made.pool, this.log);
    this.sessions.add(session);
    socket.once('close', () => this.sessions.delete(session));
  }
}
