import type { Readable } from 'node:stream';
import type { PrefilterPattern } from './scan/prefilter';

/** Where a log comes from. */
export type LogSource = TextSource | FileSource | StreamSource;

/** A selection, the clipboard, or the output of a tool. */
export interface TextSource {
  kind: 'text';
  /** `-`, a path, or `mcp:<server>/<tool>`. */
  source: string;
  text: string;
  /** Line number of the first line, for a selection. Then lines around it count as left out. */
  firstLine?: number;
}

export interface FileSource {
  kind: 'file';
  /** Opened as it is. */
  path: string;
  /** How citations name it; by default the path. */
  source?: string;
}

export interface StreamSource {
  kind: 'stream';
  source: string;
  /** Read to its end, and destroyed when the reading is cancelled. */
  stream: Readable;
}

export interface IntakeOptions {
  /** What makes a line of a large log worth keeping; put the most telling patterns first. */
  patterns: readonly PrefilterPattern[];
  signal?: AbortSignal;
  /** Milliseconds for one source; by default 10 minutes. */
  deadlineMs?: number;
  /** Most bytes of text that are kept of a large source; by default 1 MiB. */
  capBytes?: number;
  /** Path of the bundled `scanWorker.ts`; without it large files are scanned in this thread, in slices. */
  workerScript?: string;
  /** Threads for a large file; by default 2. */
  workers?: 1 | 2;
  /** Bytes read so far and, of a file, in all. */
  onProgress?: (done: number, total: number | null) => void;
}
