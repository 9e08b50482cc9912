import { parseArgs } from 'node:util';

import { exitOnSignals } from '../harness/process';
import { runChaos } from './chaos';
import { troubles } from './troubles';

/**
 * `npm run chaos [-- --rounds N --seed S --minutes M --only WORDS]`: at least 200 rounds of trouble
 * unless told otherwise; exit status 1 when one of them leaves anything behind.
 */
async function main(): Promise<void> {
  exitOnSignals();
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      minutes: { type: 'string', default: '90' },
      only: { type: 'string', default: '' },
    },
  });
  const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
  console.log(`chaos: ${rounds} rounds, seed ${seed}`);
  const result = await runChaos({
    ...{ rounds, seed, mostMinutes: Number(values.minutes) },
    only: Object.keys(troubles).filter((name) => name.includes(values.only)),
    say: (line) => console.log(line),
  });
  const isWhole = result.rounds === rounds;
  console.log(
    `chaos: ${result.rounds} of ${rounds} rounds were good${isWhole ? '' : ' before the time was over'}; the slowest clean-up took ${(result.slowestMs / 1000).toFixed(1)} s`,
  );
  if (!isWhole) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
