import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '../../base/deadline';
import type { ScanResult } from './excerpts';
import { LineScanner } from './lineScanner';
import { compilePrefilter, type PortablePattern } from './prefilter';

/** So much is scanned before other work of this thread gets its turn: a few milliseconds. */
const SLICE = 128 * 1024;

/** Scans UTF-8 chunks in this thread, in slices. */
export async function scanChunks(
  chunks: AsyncIterable<Uint8Array>,
  patterns: readonly PortablePattern[],
  lineEndByte: 10 | 13,
  signal: AbortSignal,
): Promise<ScanResult> {
  const scanner = new LineScanner(compilePrefilter(patterns, lineEndByte), lineEndByte);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE) {
      throwIfCancelled(signal);
      scanner.push(chunk.subarray(at, at + SLICE));
      await setImmediate();
    }
  }
  return scanner.finish();
}
