import { parentPort, workerData } from 'node:worker_threads';
import { analyse } from './analyse';
import type { JudgeJob } from './judge';

/** Entry of the worker thread that judges large evidence. */
const { texts, now, not } = workerData as JudgeJob;
parentPort?.postMessage(analyse(texts, { now, not }));
