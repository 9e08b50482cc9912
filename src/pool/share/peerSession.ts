import type { Socket } from 'node:net';

import type { DisposableLike } from '../../base/disposables';
import { describeError, messageOf, WarRoomError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Pool, PoolLease } from '../pool';
import { readLines, writeLine } from './lines';
import { parsePeerMessage } from './protocol';
import type { PeerMessage, PeerQuestion, PoolMessage } from './protocol';

/** A peer hears of changes at most this often, and always of the last one. */
const statusPauseMs = 100;

/** One connection to the pool of this process. What it leased is given back when it ends. */
export class PeerSession implements DisposableLike {
  private readonly leases = new Map<number, PoolLease>();
  private readonly asked = new Map<number, AbortController>();
  private following: DisposableLike | null = null;
  private watching: DisposableLike | null = null;
  private statusTimer: NodeJS.Timeout | null = null;
  private statusSentAt = -Infinity;

  constructor(
    private readonly socket: Socket,
    private readonly pool: Pool,
    private readonly log: Log,
  ) {
    // Whoever leases is no reason for the process that is the pool to stay alive.
    socket.unref();
    socket.on('error', (error) => this.log.debug(`A peer was lost: ${error.message}`));
    socket.once('close', () => this.end());
    socket.once('end', () => socket.destroy());
    readLines(socket, (line) => this.receive(line));
  }

  /** Ends the connection and what runs for it. */
  dispose(): void {
    this.socket.destroy();
    this.end();
  }

  private receive(line: string): void {
    let message: PeerMessage;
    try {
      message = parsePeerMessage(line);
    } catch (error) {
      this.log.warn(`A peer sent what is no message: ${messageOf(error)}`);
      throw error;
    }
    if ('id' in message && message.kind !== 'cancel') void this.answer(message);
    else this.order(message);
  }

  private order(message: Exclude<PeerMessage, PeerQuestion>): void {
    switch (message.kind) {
      case 'cancel':
        this.asked.get(message.id)?.abort();
        this.leases.get(message.id)?.release();
        this.leases.delete(message.id);
        return;
      case 'stop':
        return this.pool.stop(message.server);
      case 'restart':
        return this.pool.restart(message.server);
      case 'pin':
        return this.pool.pin(message.server, message.pinned);
      case 'endIncident':
        return this.pool.endIncident(message.incident);
      case 'watch':
        this.watching?.dispose();
        this.watching = message.watching ? this.pool.watch() : null;
        return;
      case 'follow':
        this.following ??= this.pool.onDidChange(() => this.statusSoon());
        return this.sendStatus();
    }
  }

  private async answer(question: PeerQuestion): Promise<void> {
    const { id } = question;
    const abort = new AbortController();
    this.asked.set(id, abort);
    try {
      this.send({ kind: 'done', id, result: await this.result(question, abort.signal) });
    } catch (error) {
      this.send({ kind: 'failed', id, ...describeError(error) });
    } finally {
      this.asked.delete(id);
    }
  }

  private async result(question: PeerQuestion, signal: AbortSignal): Promise<unknown> {
    switch (question.kind) {
      case 'lease':
        return await this.lease(question, signal);
      case 'call': {
        const { server, tool, arguments: given, approved, deadlineMs } = question;
        const lease = this.leases.get(question.lease);
        if (!lease) throw new WarRoomError('server-failed', 'The lease has ended.');
        return await lease.call(server, tool, given, { deadlineMs, signal, approved });
      }
      case 'lastLines':
        return await this.pool.lastLines(question.server);
      case 'inspect':
        return await this.pool.inspect(question.server);
    }
  }

  private async lease(
    { id, request, deadlineMs }: Extract<PeerQuestion, { kind: 'lease' }>,
    signal: AbortSignal,
  ) {
    const onProgress = (sentence: string) => this.send({ kind: 'progress', id, sentence });
    const lease = await this.pool.lease(request, { deadlineMs, signal, onProgress });
    if (signal.aborted) {
      lease.release();
      throw new WarRoomError('cancelled', 'Waiting for servers was cancelled.');
    }
    this.leases.set(id, lease);
    return Object.fromEntries(
      request.servers.map(({ spec: { name } }) => [name, lease.tools(name)]),
    );
  }

  private statusSoon(): void {
    if (this.statusTimer) return;
    const pause = Math.max(0, this.statusSentAt + statusPauseMs - performance.now());
    this.statusTimer = setTimeout(() => this.sendStatus(), pause);
    this.statusTimer.unref();
  }

  private sendStatus(): void {
    if (this.statusTimer) clearTimeout(this.statusTimer);
    this.statusTimer = null;
    this.statusSentAt = performance.now();
    this.send({ kind: 'status', status: this.pool.status() });
  }

  private send(message: PoolMessage): void {
    writeLine(this.socket, message);
  }

  private end(): void {
    this.following?.dispose();
    this.watching?.dispose();
    if (this.statusTimer) clearTimeout(this.statusTimer);
    for (const abort of this.asked.values()) abort.abort();
    for (const lease of this.leases.values()) lease.release();
    this.leases.clear();
  }
}
