import { setTimeout as sleep } from 'node:timers/promises';
import { readStatuses } from '../pool/share/readStatus';
import type { PoolStatus } from '../pool/status';
import { statusText } from '../pool/statusText';
import { poolsFolder } from '../servers/poolOwner';
import { terminalLanguage } from './host';
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
    const pools = await readStatuses(poolsFolder());
    process.stdout.write(`${options.json ? JSON.stringify(pools) : poolsText(pools)}\n`);
    if (options.watch) await sleep(watchPauseMs, undefined, { signal }).catch(() => undefined);
  } while (options.watch && !signal.aborted);
  return exitStatus.done;
}

function poolsText(pools: readonly PoolStatus[]): string {
  if (pools.length === 0) return 'No MCP servers run: no window and no command has a pool.';
  return pools
    .map((status) => `${statusText(status, terminalLanguage())}\n  Process: ${status.pid}`)
    .join('\n\n');
}
