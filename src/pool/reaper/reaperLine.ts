import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

import type { DisposableLike } from '../../base/disposables';
import type { Log } from '../../base/log';
import type { EngineConnection } from '../engine/place';
import { newOwner, ownerText } from '../ownership/owner';
import { startBeside } from '../runtimes/nodeChild';
import { messageLine } from './reaperMessage';
import type { ReaperMessage } from './reaperMessage';

const mostStarts = 4;
const restartMs = 500;

export interface ReaperLineOptions {
  /** The reaper's bundle. */
  script: string;
  log: Log;
}

/**
 * This process' line to its reaper, which is started with the first thing that it is told of and
 * acts when the line ends. One that was killed is replaced.
 */
export class ReaperLine implements DisposableLike {
  private readonly told = new Map<string, ReaperMessage>();
  private child: (ChildProcess & { stdin: Writable }) | null = null;
  private starts = 0;
  private isDisposed = false;

  private constructor(
    /** Text of the owner label that the reaper goes by. */
    readonly owner: string,
    private readonly options: ReaperLineOptions,
  ) {}

  static async open(options: ReaperLineOptions): Promise<ReaperLine> {
    return new ReaperLine(ownerText(await newOwner()), options);
  }

  /** To be called before a container is made; only the first call for an engine does something. */
  guardEngine(connection: EngineConnection): void {
    const key = JSON.stringify(connection);
    if (this.told.has(key) && this.child) return;
    this.tell(key, { kind: 'engine', connection, owner: this.owner });
  }

  /** A process that is killed if it outlives us for long; dispose when it has ended. */
  guardChild(pid: number): DisposableLike {
    const key = `child ${pid}`;
    this.tell(key, { kind: 'child', pid });
    return {
      dispose: () => {
        if (this.told.delete(key)) this.send({ kind: 'childGone', pid });
      },
    };
  }

  /** What was started is stopped, so the reaper looks once more and ends. */
  dispose(): void {
    this.isDisposed = true;
    this.send({ kind: 'inOrder' });
    this.child?.stdin.end();
  }

  private tell(key: string, message: ReaperMessage): void {
    this.told.set(key, message);
    if (this.child) this.send(message);
    else this.start();
  }

  private send(message: ReaperMessage): void {
    if (this.child?.stdin.writable) this.child.stdin.write(messageLine(message));
  }

  private start(): void {
    if (this.isDisposed) return;
    if (this.starts++ === mostStarts) {
      this.options.log.warn(
        'What cleans up after War Room could not be kept running; containers that it leaves behind in a crash go when it is started again.',
      );
    }
    if (this.starts > mostStarts) return;
    const child = startBeside(this.options.script);
    this.child = child;
    child.stdin.on('error', () => undefined);
    const ended = () => {
      if (this.child !== child) return;
      this.child = null;
      setTimeout(() => this.child ?? this.start(), restartMs).unref();
    };
    child.once('error', ended);
    child.once('exit', ended);
    for (const message of this.told.values()) this.send(message);
  }
}
