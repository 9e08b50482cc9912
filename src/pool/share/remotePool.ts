import type { Socket } from 'node:net';

import type { z } from 'zod';

import type { DisposableLike } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { WarRoomError } from '../../base/errors';
import type { LeaseRequest, Pool, PoolLease, ToolAnswer, WaitOptions } from '../pool';
import type { PoolStatus } from '../status';
import { agedStatus } from './knownStatus';
import { readLines, writeLine } from './lines';
import { parsePoolMessage, results } from './protocol';
import type { Asked, PeerMessage, PeerQuestion, PoolMessage } from './protocol';
import { RemoteLease } from './remoteLease';

/** The pool itself keeps a deadline; if nothing is heard this long after it, the pool is stuck. */
const answerGraceMs = 5_000;
const lookMs = 10_000;
/** How often it is looked whether an answer is overdue; a timer for each call costs as much as it. */
const overdueLookMs = 1_000;

interface Pending {
  /** On the monotonic clock, in ms. */
  overdueAt: number;
  overdue(): void;
  resolve(result: unknown): void;
  reject(error: Error): void;
  progress(sentence: string): void;
}

/** The pool of another process, over its socket. */
export class RemotePool implements Pool {
  private readonly changes = new Emitter<PoolStatus>();
  private readonly pending = new Map<number, Pending>();
  private readonly watchers = new Set<symbol>();
  private overdueTimer: NodeJS.Timeout | null = null;
  private toldWatching = false;
  private lastId = 0;
  private told: { status: PoolStatus; at: number };
  private hasTold = false;
  private isForeign = false;

  readonly onDidChange = this.changes.event;
  /** Fulfilled when the pool's process has gone or the connection was ended. */
  readonly whenLost: Promise<void>;

  /** @param status shown until the pool has told its own */
  constructor(
    private readonly socket: Socket,
    status: PoolStatus,
  ) {
    this.told = { status, at: performance.now() };
    // Only who waits for an answer is a reason to stay alive.
    socket.unref();
    socket.on('error', () => socket.destroy());
    socket.once('end', () => socket.destroy());
    this.whenLost = new Promise((resolve) => {
      socket.once('close', () => {
        for (const each of [...this.pending.values()]) each.reject(this.lost());
        this.lookForOverdue();
        resolve();
      });
    });
    readLines(socket, (line) => this.receive(line));
    this.send({ kind: 'follow' });
  }

  /** True when nothing that is asked is answered any more. */
  get isLost(): boolean {
    return this.socket.destroyed;
  }

  /** True when it has told its status, and nothing that is no message of a pool. */
  get isUnderstood(): boolean {
    return this.hasTold && !this.isForeign;
  }

  async lease(request: LeaseRequest, options: WaitOptions): Promise<PoolLease> {
    const names = request.servers.map(({ spec }) => spec.name).join(', ');
    const question = { kind: 'lease', request, deadlineMs: options.deadlineMs } as const;
    const { id, answer } = this.ask(question, results.lease, `Waiting for ${names}`, options);
    return new RemoteLease(id, await answer, this);
  }

  status(): PoolStatus {
    return agedStatus(this.told.status, performance.now() - this.told.at);
  }

  watch(): DisposableLike {
    const watcher = Symbol('watcher');
    this.watchers.add(watcher);
    this.tellWatching();
    return {
      dispose: () => {
        this.watchers.delete(watcher);
        this.tellWatching();
      },
    };
  }

  stop(server: string): void {
    this.send({ kind: 'stop', server });
  }

  restart(server: string): void {
    this.send({ kind: 'restart', server });
  }

  pin(server: string, pinned: boolean): void {
    this.send({ kind: 'pin', server, pinned });
  }

  async lastLines(server: string): Promise<readonly string[]> {
    const what = 'Reading what the server wrote';
    return await this.ask({ kind: 'lastLines', server }, results.lastLines, what, look()).answer;
  }

  async inspect(server: string): Promise<unknown> {
    const what = 'Looking at the server';
    return await this.ask({ kind: 'inspect', server }, results.inspect, what, look()).answer;
  }

  endIncident(incident: string): void {
    this.send({ kind: 'endIncident', incident });
  }

  /** Ends the connection; the pool takes back what was leased over it. */
  dispose(): Promise<void> {
    this.socket.destroy();
    this.changes.dispose();
    return this.whenLost;
  }

  /** For the leases of this pool. */
  async call(question: Asked<'call'>, options: WaitOptions): Promise<ToolAnswer> {
    const what = `${question.tool} of the ${question.server} server`;
    return await this.ask(question, results.call, what, options).answer;
  }

  /** For the leases of this pool: what was asked with this id is wanted no longer. */
  cancel(id: number): void {
    this.send({ kind: 'cancel', id });
  }

  /**
   * @param what begins the sentence of an error, for example "Waiting for stats"
   * @returns the id that it was asked with, and the answer
   */
  private ask<T>(
    question: Asked<PeerQuestion['kind']>,
    schema: z.ZodType<T>,
    what: string,
    { deadlineMs, signal, onProgress }: WaitOptions,
  ): { id: number; answer: Promise<T> } {
    const id = ++this.lastId;
    const answer = new Promise<T>((resolve, reject) => {
      const settle = () => {
        this.pending.delete(id);
        if (this.pending.size === 0) this.socket.unref();
        signal.removeEventListener('abort', abort);
      };
      const fail = (error: Error) => {
        settle();
        reject(error);
      };
      const giveUp = (error: Error) => {
        this.cancel(id);
        fail(error);
      };
      const abort = () => giveUp(new WarRoomError('cancelled', `${what} was cancelled.`));
      signal.addEventListener('abort', abort, { once: true });
      this.pending.set(id, {
        overdueAt: performance.now() + deadlineMs + answerGraceMs,
        overdue: () => giveUp(this.stuck(what)),
        reject: fail,
        progress: (sentence) => onProgress?.(sentence),
        resolve: (result) => {
          settle();
          const checked = schema.safeParse(result);
          if (checked.success) resolve(checked.data);
          else reject(new WarRoomError('internal', `${what} was answered by what is no answer.`));
        },
      });
      this.socket.ref();
      this.overdueTimer ??= setInterval(() => this.lookForOverdue(), overdueLookMs).unref();
      if (this.isLost) fail(this.lost());
      else if (signal.aborted) abort();
      else this.send({ ...question, id });
    });
    return { id, answer };
  }

  private lookForOverdue(): void {
    const now = performance.now();
    for (const each of [...this.pending.values()]) {
      if (now >= each.overdueAt) each.overdue();
    }
    if (this.pending.size > 0 || !this.overdueTimer) return;
    clearInterval(this.overdueTimer);
    this.overdueTimer = null;
  }

  private receive(line: string): void {
    const message = this.parsed(line);
    switch (message.kind) {
      case 'done':
        return this.pending.get(message.id)?.resolve(message.result);
      case 'failed':
        return this.pending
          .get(message.id)
          ?.reject(new WarRoomError(message.code, message.message));
      case 'progress':
        return this.pending.get(message.id)?.progress(message.sentence);
      case 'status':
        this.told = { status: message.status, at: performance.now() };
        this.hasTold = true;
        return this.changes.fire(message.status);
    }
  }

  private parsed(line: string): PoolMessage {
    try {
      return parsePoolMessage(line);
    } catch (error) {
      this.isForeign = true;
      throw error;
    }
  }

  private tellWatching(): void {
    const watching = this.watchers.size > 0;
    if (watching === this.toldWatching) return;
    this.toldWatching = watching;
    this.send({ kind: 'watch', watching });
  }

  private send(message: PeerMessage): void {
    writeLine(this.socket, message);
  }

  private lost(): WarRoomError {
    return new WarRoomError(
      'server-failed',
      this.isForeign
        ? 'The MCP servers are run by another version of War Room, which this one does not understand, so none was used: reload or close the other windows, and try again.'
        : 'The MCP servers ended with the window or command of War Room that ran them: try again.',
    );
  }

  private stuck(what: string): WarRoomError {
    const { pid } = this.told.status;
    return new WarRoomError(
      'deadline',
      `${what} was given up, since War Room's process ${pid || ''}, which runs the MCP servers, does not answer: close it, or wait and try again.`,
    );
  }
}

function look(): WaitOptions {
  return { deadlineMs: lookMs, signal: new AbortController().signal };
}
