import { systemClock } from '../../../src/base/clock';
import { silentLog } from '../../../src/base/log';
import { bundledServers } from '../../../src/pool/catalogue';
import { ServerPool } from '../../../src/pool/serverPool';

/** A process that owns a pool: leases all servers of a folder, prints their pids, and stays. */
async function main(folder: string): Promise<void> {
  const pool = new ServerPool({
    clock: systemClock,
    log: silentLog,
    servers: bundledServers(folder),
    environment: () => ({}),
  });
  const signal = new AbortController().signal;
  await pool.lease('owner', ['stats', 'kubectl', 'logs'], { deadlineMs: 60_000, signal });
  const pids = pool.status().servers.map(({ pid }) => pid);
  process.stdout.write(`${JSON.stringify(pids)}\n`);
  setInterval(() => undefined, 1_000);
}

void main(process.argv[2] ?? '');
