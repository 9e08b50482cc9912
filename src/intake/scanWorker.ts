import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { trimScan } from './scan/excerpts';
import { LineScanner } from './scan/lineScanner';
import { compilePrefilter } from './scan/prefilter';
import type { ScanJob, ScanMessage } from './scan/protocol';

/** Entry of the worker thread that scans one range of a large log. */
const PROGRESS_BYTES = 16 * 1024 * 1024;

const say = (message: ScanMessage) => parentPort?.postMessage(message);

function run(job: ScanJob): void {
  const scanner = new LineScanner(compilePrefilter(job.patterns, job.lineEndByte), job.lineEndByte);
  const file = openSync(job.path, 'r');
  try {
    let position = job.start;
    let unsaid = 0;
    while (position < job.end) {
      const space = scanner.space();
      const length = Math.min(space.length, job.end - position);
      const read = readSync(file, space, 0, length, position);
      // The file was truncated meanwhile.
      if (read === 0) break;
      scanner.commit(read);
      position += read;
      unsaid += read;
      if (unsaid < PROGRESS_BYTES) continue;
      say({ kind: 'progress', bytes: unsaid });
      unsaid = 0;
    }
  } finally {
    closeSync(file);
  }
  say({ kind: 'done', result: trimScan(scanner.finish(), job.capBytes) });
}

run(workerData as ScanJob);
