import type { ScanResult } from './excerpts';
import type { PortablePattern } from './prefilter';

/** What a worker is asked: scan the bytes from `start` to before `end`, which are whole lines. */
export interface ScanJob {
  path: string;
  start: number;
  end: number;
  lineEndByte: 10 | 13;
  capBytes: number;
  patterns: PortablePattern[];
}

/** What it says: now and then the bytes since it last spoke, at last the result. */
export type ScanMessage =
  { kind: 'progress'; bytes: number } | { kind: 'done'; result: ScanResult };
