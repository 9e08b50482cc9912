import { setTimeout as sleep } from 'node:timers/promises';
import { statusText } from '../pool/statusText';
import { WarRoom } from '../warRoom';
import { terminalHost } from './host';
import { exitStatus } from './result';

/** What `war-room pool` was given. */
export interface PoolOptions {
  watch?: boolean;
  json?: boolean;
}

const watchPauseMs = 2_000;

/** `war-room pool`: the servers that run. */
export async function pool(options: PoolOptions, signal: AbortSignal): Promise<number> {
  const warRoom = new WarRoom(terminalHost(process.cwd(), false));
  try {
    do {
      const status = await warRoom.poolStatus();
      process.stdout.write(`${options.json ? JSON.stringify(status) : statusText(status)}\n`);
      if (options.watch) await sleep(watchPauseMs, undefined, { signal }).catch(() => undefined);
    } while (options.watch && !signal.aborted);
    return exitStatus.done;
  } finally {
    await warRoom.close();
  }
}
