import type { ServerDefinition } from './catalogue';

/** Where servers run. The pool decides which and how many; a runtime starts and stops one. */
export interface Runtime {
  /**
   * Starts a server and greets it. What it started is gone again when it rejects.
   * @throws code `server-failed` with what the server last wrote to its standard error
   */
  start(server: StartRequest, signal: AbortSignal): Promise<RunningServer>;
}

export interface StartRequest {
  name: string;
  definition: ServerDefinition;
  /** The declared variables that have a value. */
  environment: Readonly<Record<string, string>>;
}

/** A server that answered its greeting. */
export interface RunningServer {
  readonly pid: number | null;
  /** True from the moment on that no call can reach it. */
  readonly ended: boolean;
  /** Fulfilled with a sentence when nothing of it is left, whether it was stopped or died. */
  readonly gone: Promise<string>;
  /** Memory in use, in bytes; null where the system does not tell. */
  memoryBytes(): number | null;
  /** True when the server says of the tool that it only reads. */
  isSafeToRepeat(tool: string): boolean;
  /** @throws code `server-failed` when the server ended, or answered what is not MCP */
  call(
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolAnswer>;
  /** Fulfilled when nothing of it is left. It is asked first and killed in the end. */
  stop(): Promise<void>;
}

/** What a tool answered. */
export interface ToolAnswer {
  /** The text contents joined by line ends. Not masked. */
  text: string;
  structured: unknown;
  isError: boolean;
}
