import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { systemClock } from '../../../../src/base/clock';
import { messageOf } from '../../../../src/base/errors';
import { silentLog } from '../../../../src/base/log';
import { processRuntime } from '../../../../src/pool/runtimes/process';
import { ServerPool } from '../../../../src/pool/serverPool';
import { openPool } from '../../../../src/pool/share/openPool';
import { scriptRequest, usualLimits } from '../requests';

/**
 * A process that leases a server again and again, as windows do, and prints which process served
 * it whenever that is another one. It notes in `made` when it becomes the pool, and ends in order
 * when it is asked to.
 */
async function main(folder: string, made: string, script: string): Promise<void> {
  const log = silentLog;
  const pool = openPool({
    place: { folder, engineKey: 'none' },
    follow: true,
    limits: () => usualLimits,
    log,
    makePool: async () => {
      await appendFile(made, `${process.pid}\n`);
      const runtimes = { process: () => Promise.resolve(processRuntime({ graceMs: 300 })) };
      const own = new ServerPool({
        clock: systemClock,
        log,
        runtimes,
        settings: () => usualLimits,
      });
      return { pool: own, dispose: () => own.dispose() };
    },
  });
  process.once('SIGTERM', () => void pool.dispose().then(() => process.exit(0)));
  const signal = new AbortController().signal;
  const options = { deadlineMs: 60_000, signal };
  const request = scriptRequest('tiny', script);
  let last = '';
  const say = (what: string) => {
    if (what !== last) process.stdout.write(`${what}\n`);
    last = what;
  };
  for (;;) {
    try {
      const holder = `process ${process.pid}`;
      const lease = await pool.lease({ holder, incident: null, servers: [request] }, options);
      const { text } = await lease.call('tiny', 'get_it', {}, options);
      lease.release();
      say(`served by ${text}`);
    } catch (error) {
      say(messageOf(error));
    }
    await sleep(100);
  }
}

const [folder = '', made = '', script = ''] = process.argv.slice(2);
void main(folder, made, script);
