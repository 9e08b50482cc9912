import { systemClock } from '../../../src/base/clock';
import { silentLog } from '../../../src/base/log';
import { processRuntime } from '../../../src/pool/runtimes/process';
import { ServerPool } from '../../../src/pool/serverPool';
import { bundledRequests, usualLimits } from './requests';

/** A process that owns a pool: leases all servers of a folder, prints their pids, and stays. */
async function main(folder: string): Promise<void> {
  const pool = new ServerPool({
    clock: systemClock,
    log: silentLog,
    runtimes: { process: () => Promise.resolve(processRuntime()) },
    settings: () => usualLimits,
  });
  const signal = new AbortController().signal;
  const servers = Object.values(bundledRequests(folder));
  await pool.lease({ holder: 'owner', incident: null, servers }, { deadlineMs: 60_000, signal });
  const pids = pool.status().servers.map(({ name }) => Number(name.split('-').at(-1)));
  process.stdout.write(`${JSON.stringify(pids)}\n`);
  setInterval(() => undefined, 1_000);
}

void main(process.argv[2] ?? '');
