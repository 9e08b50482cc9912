import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine } from '../../engine/connect';
import type { NetworkInspectInfo } from '../../engine/types';

/** How long a network that another window makes at the same moment may take to be listed. */
const settleMs = 250;

/**
 * The id of the network of that name, made where there is none. Names of networks are not unique on
 * every engine: of several made at once all windows keep the oldest, and each takes its own back.
 */
export async function ensureNetwork({ client }: Engine, name: string): Promise<string> {
  const found = await oldest(client, name);
  if (found !== undefined) return found;
  const own = await make(client, name);
  await sleep(settleMs);
  const kept = (await oldest(client, name)) ?? own;
  if (kept === undefined) throw new Error(`The network ${name} was made and is not there.`);
  if (own !== undefined && own !== kept) {
    // Another window's container may be on it already; then it stays, and is of no harm.
    await client
      .getNetwork(own)
      .remove()
      .catch(() => undefined);
  }
  return kept;
}

type Client = Engine['client'];

async function oldest(client: Client, name: string): Promise<string | undefined> {
  // The engine's filter also finds names that only contain this one.
  const networks = await client.listNetworks({ filters: { name: [name] } });
  return networks.filter((network) => network.Name === name).sort(byAge)[0]?.Id;
}

function byAge(a: NetworkInspectInfo, b: NetworkInspectInfo): number {
  return Date.parse(a.Created) - Date.parse(b.Created) || a.Id.localeCompare(b.Id);
}

/** Its id; undefined when the engine says that there is one by now. */
async function make(client: Client, name: string): Promise<string | undefined> {
  try {
    const network = await client.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      // Containers on it cannot reach each other.
      Options: { 'com.docker.network.bridge.enable_icc': 'false' },
    });
    return network.id;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 409) {
      return undefined;
    }
    throw error;
  }
}
