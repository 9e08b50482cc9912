import type { DisposableLike } from '../base/disposables';
import type { Event } from '../base/emitter';
import type { PoolStatus } from './status';
import type { ServerRequest } from './serverSpec';

/**
 * The pool as everybody sees it, whether it lives in this process or in that of another window.
 * A server is meant by the `id` that its status has.
 */
export interface Pool {
  /** Fires with the status after each change of it. */
  readonly onDidChange: Event<PoolStatus>;
  /**
   * Leases all of `servers` or none, waiting in the queue until `deadlineMs` have passed.
   * @throws code `server-failed` when one does not start, `engine-unavailable` when there is no
   * engine to start it on, `pool-full` when the deadline passed in the queue, `cancelled`
   */
  lease(request: LeaseRequest, options: WaitOptions): Promise<PoolLease>;
  status(): PoolStatus;
  /** While it is held, memory is sampled every few seconds, since somebody looks at it. */
  watch(): DisposableLike;
  /** Stops a server: at once if it is idle, else when its last lease ends. */
  stop(id: string): void;
  /** Stops it and starts it anew in its place. */
  restart(id: string): void;
  /** A pinned server is not stopped for being idle or for pressure. */
  pin(id: string, pinned: boolean): void;
  /** The last lines of its standard error. */
  lastLines(id: string): Promise<readonly string[]>;
  /** What its runtime knows of it, as JSON for a person. @throws code `not-found` */
  inspect(id: string): Promise<unknown>;
  /** The incident is over: what only it could use is stopped. */
  endIncident(incident: string): void;
  /** Stops what is this process' own; fulfilled when nothing of it is left. */
  dispose(): Promise<void>;
}

export interface LeaseRequest {
  /** Who leases, for the status: an incident's id, or the name of a command. */
  holder: string;
  /** Servers with state are reused within one incident only; null: not at all. */
  incident: string | null;
  /** At most 3, of different names. */
  servers: readonly ServerRequest[];
}

export interface WaitOptions {
  deadlineMs: number;
  signal: AbortSignal;
  /** Hears what is done meanwhile in short sentences, such as "Fetching the package". */
  onProgress?: (sentence: string) => void;
}

export interface CallOptions extends WaitOptions {
  /**
   * A person approved exactly this call, tool and arguments: when its server asks about it, the
   * answer is yes. About anything else it is no.
   */
  approved?: boolean;
}

/** Servers that are one step's until it gives them back. They are called by their spec's name. */
export interface PoolLease {
  /** The tools of a leased server, as it listed them. */
  tools(server: string): readonly ServerTool[];
  /**
   * Calls a tool. What the tool answers as an error comes back with `isError`. A server that died
   * is replaced; a call that was lost with it is repeated once if it only reads.
   * @throws code `server-failed`, `deadline`, `cancelled`; `server-unknown` when it is not leased
   */
  call(
    server: string,
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<ToolAnswer>;
  /** Gives every server back; a second call does nothing. */
  release(): void;
}

/** A tool as MCP lists it. */
export interface ServerTool {
  name: string;
  description: string;
  /** JSON schema of its arguments. */
  inputSchema: Readonly<Record<string, unknown>>;
  /** True when the server says that it only reads. */
  readOnly: boolean;
}

/** What a tool answered. */
export interface ToolAnswer {
  /** The text contents joined by line ends. Not masked. */
  text: string;
  structured: unknown;
  /** Contents that are no text, as MCP has them: images, resources. */
  others: readonly unknown[];
  isError: boolean;
}
