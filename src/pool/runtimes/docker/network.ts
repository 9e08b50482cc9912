import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine } from '../../engine/connect';
import { isStatus } from '../../engine/failure';
import type { NetworkInspectInfo } from '../../engine/types';

/** How long a network that another window makes at the same moment may take to be listed. */
const settleMs = 250;

/** Tells the networks that we made from those of others with the same name. */
const ownLabel = 'war-room.network';

/**
 * The id of the network of that name, made where there is none. Names of networks are not unique on
 * every engine, and some find none by its id then: of several that were made at once, whoever comes
 * takes away those that nobody uses yet, the youngest first, so that all windows end with one.
 */
export async function ensureNetwork({ client }: Engine, name: string): Promise<string> {
  let failure: Error | null = null;
  if ((await named(client, name)).length === 0) {
    failure = await make(client, name).then(
      () => null,
      (error: Error) => error,
    );
    await sleep(settleMs);
  }
  const networks = await named(client, name);
  for (const { Id, Labels } of [...networks].reverse()) {
    if (networks.length === 1) break;
    if (Labels?.[ownLabel] !== undefined && (await isRemoved(client, Id))) {
      networks.splice(
        networks.findIndex((network) => network.Id === Id),
        1,
      );
    }
  }
  const [kept] = networks;
  // What another window has made is as good as our own.
  if (!kept) throw failure ?? new Error(`the network ${name} was removed while it was made`);
  return kept.Id;
}

type Client = Engine['client'];

/** The oldest first. */
async function named(client: Client, name: string): Promise<NetworkInspectInfo[]> {
  // The engine's filter also finds names that only contain this one.
  const networks = await client.listNetworks({ filters: { name: [name] } });
  return networks.filter((network) => network.Name === name).sort(byAge);
}

function byAge(a: NetworkInspectInfo, b: NetworkInspectInfo): number {
  return Date.parse(a.Created) - Date.parse(b.Created) || a.Id.localeCompare(b.Id);
}

async function make(client: Client, name: string): Promise<void> {
  await client.createNetwork({
    Name: name,
    CheckDuplicate: true,
    Driver: 'bridge',
    // Containers on it cannot reach each other.
    Options: { 'com.docker.network.bridge.enable_icc': 'false' },
    Labels: { [ownLabel]: 'true' },
  });
}

/** An engine does not remove a network that a container is on. */
async function isRemoved(client: Client, id: string): Promise<boolean> {
  try {
    await client.getNetwork(id).remove();
    return true;
  } catch (error) {
    return isStatus(error, 404);
  }
}
