import type { FileHandle } from 'node:fs/promises';
import { runInThread } from '../../base/thread';
import { mergeScans, type ScanResult } from './excerpts';
import type { ScanJob, ScanMessage } from './protocol';

/** How a large file is scanned in worker threads. */
export interface WorkerScan {
  /** Path of the bundled `scanWorker.ts`. */
  workerScript: string;
  workers: 1 | 2;
  signal: AbortSignal;
  /** Called with the bytes scanned since the last call. */
  onBytes: (bytes: number) => void;
}

/**
 * Scans a file in worker threads, which are gone when this returns or throws.
 * @param job the whole range; it is split at line ends
 */
export async function scanInWorkers(
  handle: FileHandle,
  job: ScanJob,
  scan: WorkerScan,
): Promise<ScanResult> {
  const borders = [job.start];
  if (scan.workers === 2) {
    const middle = await nextLine(handle, (job.start + job.end) / 2, job);
    if (middle < job.end) borders.push(middle);
  }
  const jobs = borders.map((start, index) => ({
    ...job,
    start,
    end: borders[index + 1] ?? job.end,
  }));
  const failed = new AbortController();
  const signal = AbortSignal.any([scan.signal, failed.signal]);
  try {
    return mergeScans(
      await Promise.all(
        jobs.map((part) => runWorker(part, scan.workerScript, signal, scan.onBytes)),
      ),
    );
  } finally {
    // One worker's failure ends the others.
    failed.abort();
  }
}

/** Start of the first line after `from`, or `job.end`. */
async function nextLine(handle: FileHandle, from: number, job: ScanJob): Promise<number> {
  const block = Buffer.alloc(64 * 1024);
  for (let position = Math.floor(from); position < job.end; position += block.length) {
    const { bytesRead } = await handle.read(block, 0, block.length, position);
    const at = block.subarray(0, bytesRead).indexOf(job.lineEndByte);
    if (at >= 0) return position + at + 1;
    if (bytesRead === 0) break;
  }
  return job.end;
}

function runWorker(
  job: ScanJob,
  script: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<ScanResult> {
  return runInThread<ScanMessage, ScanResult>({
    script,
    data: job,
    // Its heap is bounded, as all it keeps is.
    limits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
    signal,
    said: (message) => {
      if (message.kind === 'done') return message.result;
      onBytes(message.bytes);
      return undefined;
    },
    cancelled: 'Reading the log was cancelled.',
    failed: 'The log scanner stopped.',
  });
}
