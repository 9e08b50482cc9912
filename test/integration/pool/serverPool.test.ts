import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { systemClock } from '../../../src/base/clock';
import { silentLog } from '../../../src/base/log';
import { bundledServers } from '../../../src/pool/catalogue';
import { ServerPool } from '../../../src/pool/serverPool';
import { startStatsServer } from '../../fixtures/statsServer/statsServer';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { buildServers } from '../mcp/bundles';

const { signal } = new AbortController();
const options = { deadlineMs: 30_000, signal };
let bundles: TemporaryFolder;

beforeAll(async () => {
  bundles = await temporaryFolder('servers');
  await buildServers(bundles.path);
}, 60_000);
afterAll(() => bundles.remove());

function pool(environment: Record<string, string> = {}): ServerPool {
  return new ServerPool({
    clock: systemClock,
    log: silentLog,
    servers: bundledServers(bundles.path),
    environment: () => environment,
  });
}

describe('the pool with real processes', () => {
  it('leases the stats server and calls a tool', async () => {
    await using stats = await startStatsServer();
    const servers = pool({ WAR_ROOM_STATS_URL: stats.url });
    const lease = await servers.lease('incident-1', ['stats'], options);
    const answer = await lease.call('stats', 'get_system_stats', {}, options);
    expect(answer).toMatchObject({ isError: false, structured: { offline: ['blog_service'] } });
    lease.release();
    await servers.dispose();
  });
});
