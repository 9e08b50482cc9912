import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startStatsServer } from '../../fixtures/statsServer/statsServer';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { buildServers } from './bundles';
import { connect } from './client';

let folder: TemporaryFolder;
const script = () => join(folder.path, 'stats.js');

beforeAll(async () => {
  folder = await temporaryFolder('stats');
  await buildServers(folder.path);
}, 120_000);
afterAll(() => folder.remove());

describe('the stats server', { timeout: 60_000 }, () => {
  it('has tools with schemas that only read', async () => {
    await using session = await connect(script(), {});
    const { tools } = await session.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'get_system_stats',
      'get_service_status',
      'get_traffic_metrics',
      'check_health',
      'get_workload_metrics',
    ]);
    for (const tool of tools) {
      expect(tool.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      expect(tool.outputSchema).toMatchObject({ type: 'object' });
      expect(tool.inputSchema).toMatchObject({ type: 'object' });
    }
  });

  it('tells of all services, of one, and of the traffic', async () => {
    await using stats = await startStatsServer();
    await using session = await connect(script(), { WAR_ROOM_STATS_URL: stats.url });
    const all = await session.call('get_system_stats');
    expect(all.structured).toMatchObject({ offline: ['blog_service'] });
    expect(all.text.split('\n')[0]).toBe('Not online: blog_service');
    const one = await session.call('get_service_status', { service_name: 'user-service' });
    expect(one.structured).toMatchObject({
      service: 'user_service',
      stats: { service_status: 'online', users: 1204 },
    });
    const traffic = await session.call('get_traffic_metrics');
    expect(traffic.structured).toMatchObject({
      requestsPerSecond: 148.2,
      responseTimeMs: 231.5,
      successRate: 91.4,
    });
  });

  it('asks each service for its health, and the load balancer in its own way', async () => {
    await using stats = await startStatsServer();
    await using session = await connect(script(), {
      WAR_ROOM_STATS_URL: stats.url,
      WAR_ROOM_SERVICE_URLS: JSON.stringify({
        ...stats.serviceUrls,
        'api-gateway': 'http://127.0.0.1:9',
      }),
    });
    const health = async (service_name: string) =>
      (await session.call('check_health', { service_name })).structured;
    expect(await health('auth')).toMatchObject({ healthy: true, source: 'health', status: 200 });
    expect(await health('blog_service')).toMatchObject({ healthy: false, status: 503 });
    expect(await health('load-balancer')).toMatchObject({ healthy: true, status: 200 });
    expect(await health('api-gateway')).toMatchObject({ healthy: false, status: null });
    expect(stats.requests).toEqual(['/auth/health', '/blog_service/health', '/lb-health']);
  });

  it('says what /stats says where a service has no URL', async () => {
    await using stats = await startStatsServer();
    await using session = await connect(script(), { WAR_ROOM_STATS_URL: stats.url });
    const answer = await session.call('check_health', { service_name: 'blog_service' });
    expect(answer.structured).toMatchObject({ healthy: false, source: 'stats' });
  });

  it.each([
    [{}, /^No statistics endpoint is known\. Set WAR_ROOM_STATS_URL/],
    [{ WAR_ROOM_STATS_URL: 'nonsense' }, /^WAR_ROOM_STATS_URL is not an http or https URL\.$/],
    [
      { WAR_ROOM_STATS_URL: 'http://user:hidden@127.0.0.1:9' },
      /^http:\/\/127\.0\.0\.1:9\/stats cannot be reached \(.+\)\. Check that it runs/,
    ],
    [{ WAR_ROOM_SERVICE_URLS: '[1]' }, /^WAR_ROOM_SERVICE_URLS is not a JSON object/],
  ])('says in one sentence what is wrong with %j', async (environment, sentence) => {
    await using session = await connect(script(), environment);
    const answer = await session.call('get_system_stats');
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(sentence);
    expect(answer.text).not.toContain('hidden');
  });

  it('names the services that there are when one is unknown', async () => {
    await using stats = await startStatsServer();
    await using session = await connect(script(), { WAR_ROOM_STATS_URL: stats.url });
    const answer = await session.call('get_service_status', { service_name: 'checkout' });
    expect(answer.text).toBe(
      'No service checkout is known; there are load-balancer, api-gateway, auth, user_service, blog_service.',
    );
  });

  it('refuses an answer that is too large or no object of services', async () => {
    await using big = await answering(`{"a":{"x":"${'y'.repeat(300_000)}"}}`);
    await using list = await answering('[1,2]');
    await using first = await connect(script(), { WAR_ROOM_STATS_URL: big.url });
    await using second = await connect(script(), { WAR_ROOM_STATS_URL: list.url });
    expect((await first.call('get_system_stats')).text).toContain('more than 256 KiB');
    expect((await second.call('get_system_stats')).text).toContain('JSON object of services');
  });

  it('ends with its input', async () => {
    const child = spawn(process.execPath, [script()], { stdio: ['pipe', 'ignore', 'inherit'] });
    const exit = once(child, 'exit');
    child.stdin.end();
    expect(await exit).toEqual([0, null]);
  });
});

async function answering(body: string) {
  const server = createServer((_, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
