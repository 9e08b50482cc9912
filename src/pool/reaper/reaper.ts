import { createInterface } from 'node:readline';

import { Charge } from './reap';
import type { Patience } from './reap';
import { parseMessageLine } from './reaperMessage';

const patience: Patience = { engineMs: 5 * 60_000, settleMs: 10_000, graceMs: 5_000 };
/** When the session or the machine ends, nobody waits longer. */
const hurriedEngineMs = 10_000;

/**
 * A process beside the pool's, which takes away what the pool's process started once that has gone,
 * however it went: its end of our standard input closes then.
 */
function main(): void {
  const charge = new Charge();
  let isHurried = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => (isHurried = true));
  }
  const now = () => (isHurried ? { ...patience, engineMs: hurriedEngineMs } : patience);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => charge.take(parseMessageLine(line)));
  process.stdin.on('error', () => lines.close());
  lines.once('close', () => void charge.reap(now).finally(() => process.exit()));
}

main();
