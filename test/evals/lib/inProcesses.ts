import { fork } from 'node:child_process';
import path from 'node:path';
import type { Order, Trial } from './trial';

const processes = 2;

/** Runs an order in two processes, every other case in each; trials come in the order of the cases. */
export async function inProcesses(order: Order): Promise<Trial[]> {
  const parts = Array.from({ length: processes }, (_, own) =>
    order.ids.filter((__, index) => index % processes === own),
  );
  const trials = await Promise.all(parts.map((ids) => inProcess({ ...order, ids })));
  const place = new Map(order.ids.map((id, index) => [id, index]));
  const placeOf = (trial: Trial): number => place.get(trial.score.case.id) ?? 0;
  return trials.flat().sort((a, b) => placeOf(a) - placeOf(b));
}

function inProcess(order: Order): Promise<Trial[]> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(import.meta.dirname, 'trialWorker.ts'), {
      execArgv: ['--import', 'tsx'],
      // Sets cross too.
      serialization: 'advanced',
    });
    child.once('message', (trials) => resolve(trials as Trial[]));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`A run of cases ended with ${code}.`)));
    child.send(order);
  });
}
