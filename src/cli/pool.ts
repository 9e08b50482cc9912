import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { announcedStatuses } from '../pool/statusSocket';
import { statusText } from '../pool/statusText';
import { dataFolder, surroundings } from '../store/dataFolder';
import { exitStatus } from './result';

/** What `war-room pool` was given. */
export interface PoolOptions {
  watch?: boolean;
  json?: boolean;
}

const watchPauseMs = 2_000;

/** `war-room pool`: the MCP servers that War Room's windows and commands run on this machine. */
export async function pool(options: PoolOptions, signal: AbortSignal): Promise<number> {
  do {
    const statuses = await announcedStatuses(path.join(dataFolder(surroundings()), 'pools'));
    const pools = [...statuses.values()];
    process.stdout.write(`${options.json ? JSON.stringify(pools) : poolsText(pools)}\n`);
    if (options.watch) await sleep(watchPauseMs, undefined, { signal }).catch(() => undefined);
  } while (options.watch && !signal.aborted);
  return exitStatus.done;
}

function poolsText(pools: readonly Parameters<typeof statusText>[0][]): string {
  if (pools.length === 0) return 'No MCP servers run: no window and no command has a pool.';
  return pools.map((each) => `${statusText(each)}\n  Process: ${each.pid}`).join('\n\n');
}
