import type { EngineConnection } from '../engine/place';

/** What an owner tells its reaper, one JSON object a line. */
export type ReaperMessage =
  /** There may be containers with this owner label on this engine. */
  | { kind: 'engine'; connection: EngineConnection; owner: string }
  /** A process that ends with its input, unless it does not. */
  | { kind: 'child'; pid: number }
  | { kind: 'childGone'; pid: number }
  /** The owner has stopped what it started, so nothing more will come up. */
  | { kind: 'inOrder' };

export function messageLine(message: ReaperMessage): string {
  return `${JSON.stringify(message)}\n`;
}

export function parseMessageLine(line: string): ReaperMessage {
  return JSON.parse(line, reviveBuffer) as ReaperMessage;
}

/** Certificates are buffers, which JSON has its own form for. */
function reviveBuffer(_: string, value: unknown): unknown {
  const isBuffer =
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
  return isBuffer && 'data' in value ? Buffer.from(value.data as number[]) : value;
}
