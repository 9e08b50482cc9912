import type { Clock } from '../base/clock';
import type { McpServer } from './mcpServer';
import type { ServerRequest } from './serverSpec';
import type { Slot } from './slot';

/** What a slot asks and tells its pool. */
export interface SlotOwner {
  clock: Clock;
  /** How long a program's start may take, its image included. */
  startTimeoutMs: number;
  /** How long a server that may hang has to show that it does not. */
  pingMs: number;
  idleTimeoutMs(): number;
  /** How long it is kept ready although nobody uses it; Infinity while there are leases. */
  keptMs(slot: Slot): number;
  start(
    request: ServerRequest,
    onProgress: (sentence: string) => void,
    signal: AbortSignal,
  ): Promise<McpServer>;
  /** The slot is in another state than before. */
  changed(): void;
  /** For the history. */
  happened(slot: Slot, what: Happening): void;
  /** Nothing runs in the slot any more, and nothing will. */
  closed(slot: Slot): void;
}

/** Why a server is stopped. */
export type StopReason =
  'idle' | 'pressure' | 'room' | 'asked' | 'incident-over' | 'single-use' | 'closing';

/** What a slot tells of itself. */
export type Happening =
  | { kind: 'started' | 'idle' }
  | { kind: 'reused'; holder: string }
  | { kind: 'stopping'; reason: StopReason; idleMs: number }
  | { kind: 'stopped'; reason: StopReason; memoryBytes: number | null }
  | { kind: 'failed'; message: string };
