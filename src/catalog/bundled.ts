import type { CatalogueEntry, Tool } from './entry';
import { cloudServers } from './data/cloud';
import { databaseServers } from './data/databases';
import { deliveryServers } from './data/delivery';
import type { Description } from './data/describe';
import { generalServers } from './data/general';
import { kubernetesServers } from './data/kubernetes';
import { messagingServers } from './data/messaging';
import { observabilityServers } from './data/observability';
import { observabilityServices } from './data/observabilityServices';
import recorded from './data/recorded.json';
import { storeServers } from './data/stores';
import { warRoomServers } from './data/warRoom';

/** What `test/catalogue/record.ts` saw when it started a server. */
interface Recording {
  startedOn: string | null;
  transcript: string | null;
  notStarted: string | null;
  tools: readonly Tool[];
}

const recordings: Readonly<Record<string, Recording | undefined>> = recorded;
const none: Recording = { startedOn: null, transcript: null, notStarted: null, tools: [] };

/** The list that comes with War Room: what a person wrote, with what was recorded. */
export const bundledEntries: readonly CatalogueEntry[] = [
  ...warRoomServers,
  ...databaseServers,
  ...storeServers,
  ...messagingServers,
  ...kubernetesServers,
  ...observabilityServers,
  ...observabilityServices,
  ...deliveryServers,
  ...cloudServers,
  ...generalServers,
].map(entryOf);

function entryOf(description: Description): CatalogueEntry {
  const { tools, ...provenance } = recordings[description.name] ?? none;
  return {
    args: [],
    environment: [],
    looks: [],
    needsBuild: false,
    ...description,
    origin: 'bundled',
    tools,
    provenance,
  };
}
