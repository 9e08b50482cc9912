import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { settled, withDeadline } from '../../../base/deadline';
import { messageOf } from '../../../base/errors';
import type { Log } from '../../../base/log';
import type { Engine } from '../../engine/connect';
import type { ProgramLimits, ServerProgram } from '../../runtime';
import type { Attachment } from './attachment';
import { nanoCpus } from './containerOptions';
import type { ContainerLimits } from './containerOptions';
import { ranOutOfMemory, untilRemoved } from './ending';
import { containerMemory } from './memory';
import { shownFacts } from './shownFacts';
import type { ShownArgs } from './shownFacts';

/** How long a server may take at full speed before it must have been greeted. */
const fullSpeedMs = 5_000;
const graceMs = 2_000;
const requestMs = 5_000;
/** A container whose streams have ended and that has not is of no use. */
const lostAfterMs = 2_000;
/** An engine that is down or stuck must not keep a place in the pool; it is tried on meanwhile. */
const removalMs = 10_000;
/** How long the last words of a program that is gone may take to arrive. */
const drainMs = 1_000;

/** A container that was started. */
export interface StartedContainer {
  engine: Engine;
  id: string;
  name: string;
  attachment: Attachment;
  /** Its exit status; null when the engine was lost. */
  exit: Promise<number | null>;
  args: ShownArgs;
  limits: ContainerLimits;
  /** More than its limit until it was greeted. */
  cpusAtStart: number;
  notApplied: readonly string[];
  /** Called when the server has answered its greeting. */
  onGreeted: () => void;
  /** Fires when the runtime is done with it, whatever has become of it. */
  runtimeSignal: AbortSignal;
  /** Ends the connections that are open for it. */
  disconnect: () => void;
  log: Log;
}

/** A server's program in a container. */
export class DockerProgram implements ServerProgram {
  readonly id: string;
  readonly name: string;
  readonly input: Writable;
  readonly output: Readable;
  readonly limits: ProgramLimits;
  readonly gone: Promise<string>;
  private readonly giveUp = new AbortController();
  private readonly fullSpeed: NodeJS.Timeout;
  private lowering: Promise<void> | null = null;
  private stopping: Promise<void> | null = null;
  private isStopped = false;

  constructor(private readonly started: StartedContainer) {
    const { id, name, attachment, limits, notApplied } = started;
    this.id = id;
    this.name = name;
    this.input = attachment.input;
    this.output = attachment.output;
    this.limits = { ...limits, notApplied };
    this.fullSpeed = setTimeout(() => void this.endFullSpeed(), fullSpeedMs);
    this.fullSpeed.unref();
    this.gone = this.untilGone();
  }

  async greeted(signal: AbortSignal): Promise<void> {
    this.started.onGreeted();
    await this.lower(signal);
  }

  async memoryBytes(signal: AbortSignal): Promise<number | null> {
    return await containerMemory(this.started.engine, this.id, signal).catch(() => null);
  }

  async inspect(signal: AbortSignal): Promise<unknown> {
    const { engine } = this.started;
    const facts = await withDeadline('Inspecting a container', requestMs, signal, (abortSignal) =>
      engine.client.getContainer(this.id).inspect({ abortSignal }),
    );
    return shownFacts(facts, this.started.args);
  }

  stop(): Promise<void> {
    // Whoever stops it since its output has ended wants to hear why it did.
    this.isStopped ||= !this.started.attachment.isEnded();
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    const { engine, attachment } = this.started;
    attachment.input.end();
    if (await settled(this.gone, graceMs)) return;
    // An engine does not let go of a container whose output nobody takes.
    attachment.output.destroy();
    const container = engine.client.getContainer(this.id);
    // Asks with the image's stop signal and kills after the same grace.
    const options = { t: graceMs / 1000 };
    await withDeadline('Stopping a container', graceMs + requestMs, undefined, (abortSignal) =>
      container.stop({ ...options, abortSignal }),
    ).catch(() => undefined);
    if (await settled(this.gone, graceMs)) return;
    this.giveUp.abort();
    await this.gone;
  }

  /** Never rejects. */
  private async untilGone(): Promise<string> {
    const { engine, attachment, exit, runtimeSignal, disconnect } = this.started;
    const status = await Promise.race([exit, this.lost()]);
    clearTimeout(this.fullSpeed);
    await settled(attachment.closed, drainMs);
    disconnect();
    const removed = untilRemoved(engine, this.id, status === null, runtimeSignal);
    await settled(removed, removalMs);
    return await this.obituary(status);
  }

  /** Null when there is nothing to wait for: nobody hears it any more, or it does not stop. */
  private async lost(): Promise<null> {
    const givenUp = new Promise((resolve) =>
      this.giveUp.signal.addEventListener('abort', resolve, { once: true }),
    );
    const unheard = this.started.attachment.closed.then(() =>
      // A command that is through must not wait for it.
      sleep(lostAfterMs, undefined, { ref: false }),
    );
    await Promise.race([givenUp, unheard]);
    return null;
  }

  private async obituary(status: number | null): Promise<string> {
    if (this.isStopped) return 'was stopped';
    if (status === null) return 'was lost with the connection to its container';
    if (status === 0) return 'ended with status 0';
    const signal = signalOf(status);
    const how = signal === undefined ? `ended with status ${status}` : `was ended by ${signal}`;
    if (!(await ranOutOfMemory(this.started.engine, this.id))) return how;
    const limit = `${Math.round(this.started.limits.memoryBytes / 1024 / 1024)} MiB`;
    return signal === 'SIGKILL'
      ? `was killed for want of memory (${limit})`
      : `${how} after a part of it was killed for want of memory (${limit})`;
  }

  /** For a server that nobody has greeted in time. */
  private async endFullSpeed(): Promise<void> {
    try {
      await this.lower(undefined);
    } catch (error) {
      this.started.log.warn(`${this.name} is stopped, since ${messageOf(error)}`);
      await this.stop();
    }
  }

  /** Once. @throws when the engine does not do it */
  private lower(signal: AbortSignal | undefined): Promise<void> {
    clearTimeout(this.fullSpeed);
    this.lowering ??= this.setCpus(signal);
    return this.lowering;
  }

  private async setCpus(signal: AbortSignal | undefined): Promise<void> {
    const { engine, limits, cpusAtStart } = this.started;
    if (limits.cpus === cpusAtStart) return;
    const update = { NanoCpus: nanoCpus(limits.cpus) };
    await withDeadline('Setting the processor limit', requestMs, signal, (abortSignal) =>
      engine.client.getContainer(this.id).update({ ...update, abortSignal }),
    );
  }
}

/** A shell's and an init's way to say that a signal ended what they ran. */
function signalOf(status: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0];
}
