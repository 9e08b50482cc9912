import type { Readable, Writable } from 'node:stream';

import type { RuntimeName, ServerSpec } from './serverSpec';

/** Where servers run. The pool decides which and how many; a runtime starts and stops one. */
export interface Runtime {
  readonly name: RuntimeName;
  /**
   * Starts a server's program; nobody has spoken with it yet. What it started is gone again when it
   * rejects.
   * @throws code `server-failed`; `engine-unavailable` when there is nothing to start it on
   */
  start(request: StartRequest, signal: AbortSignal): Promise<ServerProgram>;
  /** Memory of the machine that the servers run on, cache not counted; null where it is not told. */
  machineMemory(signal: AbortSignal): Promise<MachineMemory | null>;
  /** Frees what the runtime itself holds. Its servers were stopped before. Never rejects. */
  dispose(): Promise<void>;
}

export interface MachineMemory {
  usedBytes: number;
  totalBytes: number;
}

export interface StartRequest {
  spec: ServerSpec;
  /** The declared variables that have a value. */
  environment: Readonly<Record<string, string>>;
  /** Hears each line of the program's standard error. */
  onErrorLine: (line: string) => void;
  /** Hears what is done meanwhile in short sentences, such as "Fetching the package". */
  onProgress?: (sentence: string) => void;
}

/** A program that was started and that speaks MCP over its standard input and output. */
export interface ServerProgram {
  /** Process id or container id. */
  readonly id: string;
  /** What the system calls it: the container's name, or `<server>-mcp-<pid>`. */
  readonly name: string;
  readonly input: Writable;
  readonly output: Readable;
  readonly limits: ProgramLimits;
  /**
   * Fulfilled when nothing of it is left, with how it ended: "ended with status 1", "was killed for
   * want of memory". Never rejects.
   */
  readonly gone: Promise<string>;
  /**
   * It has answered its greeting, so what it was allowed for the start ends.
   * @throws when its limits could not be set; whoever started it stops it then
   */
  greeted(signal: AbortSignal): Promise<void>;
  /** Bytes in use, cache not counted; null where the system does not tell. */
  memoryBytes(signal: AbortSignal): Promise<number | null>;
  /** What the system knows of it, as JSON for a person to read; secrets masked. */
  inspect(signal: AbortSignal): Promise<unknown>;
  /** Its input ends, after a grace it is asked, then it is killed. Fulfilled when it is gone. */
  stop(): Promise<void>;
}

/** What a program may use; null is no limit. */
export interface ProgramLimits {
  memoryBytes: number | null;
  cpus: number | null;
  /** Limits that were asked for and that the engine does not apply, in words. */
  notApplied: readonly string[];
}
