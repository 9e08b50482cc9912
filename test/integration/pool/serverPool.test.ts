import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { systemClock } from '../../../src/base/clock';
import { silentLog } from '../../../src/base/log';
import { processRuntime } from '../../../src/pool/runtimes/process';
import { ServerPool } from '../../../src/pool/serverPool';
import type { ServerRequest } from '../../../src/pool/serverSpec';
import { startStatsServer } from '../../fixtures/statsServer/statsServer';
import { bundleScript } from '../../harness/bundleScript';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';
import { buildServers } from '../mcp/bundles';
import { brokenServers } from './brokenServers';
import { isAlive } from './grounds';
import { bundledRequests, usualLimits } from './requests';

const options = { deadlineMs: 60_000, signal: new AbortController().signal };
let folder: TemporaryFolder;
let broken: Awaited<ReturnType<typeof brokenServers>>;

beforeAll(async () => {
  folder = await temporaryFolder('pool');
  await buildServers(folder.path);
  broken = await brokenServers(folder.path);
}, 120_000);
afterAll(() => folder.remove());

function startPool(source: Record<string, string> = {}, greetTimeoutMs?: number) {
  const pool = new ServerPool({
    clock: systemClock,
    log: silentLog,
    runtimes: { process: () => Promise.resolve(processRuntime({ graceMs: 300 })) },
    settings: () => usualLimits,
    greetTimeoutMs,
  });
  const requests = { ...bundledRequests(folder.path, source), ...broken };
  const lease = (...names: (keyof typeof requests)[]) =>
    pool.lease(request(names.map((name) => requests[name])), options);
  return { pool, lease, [Symbol.asyncDispose]: () => pool.dispose() };
}

function request(servers: readonly ServerRequest[]) {
  return { holder: 'incident-1', incident: 'incident-1', servers };
}

/** The process ids of the servers. */
function pidsOf(pool: ServerPool): number[] {
  return pool.status().servers.map(({ name }) => Number(name.split('-').at(-1)));
}

describe('the pool with real processes', { timeout: 120_000 }, () => {
  it('runs the three bundled servers, which answer also where there is nothing to ask', async () => {
    await using _ = startPool({ KUBECONFIG: '/nowhere', DOCKER_HOST: 'unix:///nowhere.sock' });
    const lease = await _.lease('stats', 'kubectl', 'logs');
    const answers = await Promise.all([
      lease.call('stats', 'get_system_stats', {}, options),
      lease.call('kubectl', 'list_pods', {}, options),
      lease.call('logs', 'get_service_logs', { service: 'auth' }, options),
    ]);
    expect(answers.map(({ isError, text }) => ({ isError, text }))).toEqual([
      {
        isError: true,
        text: 'No statistics endpoint is known. Set WAR_ROOM_STATS_URL to the base URL of the service that answers /stats, for example http://localhost:7100.',
      },
      {
        isError: true,
        text: 'The kubeconfig /nowhere that KUBECONFIG names does not exist.',
      },
      {
        isError: true,
        text: 'The Docker engine at unix:///nowhere.sock cannot be reached (ENOENT): start Docker, or set DOCKER_HOST. The kubeconfig /nowhere that KUBECONFIG names does not exist.',
      },
    ]);
  });

  it('hands a server the variables that it declares and no others', async () => {
    await using stats = await startStatsServer();
    await using _ = startPool({ WAR_ROOM_STATS_URL: stats.url, SECRET: 'x' });
    const lease = await _.lease('stats');
    const answer = await lease.call('stats', 'get_system_stats', {}, options);
    expect(answer).toMatchObject({ isError: false, structured: { offline: ['blog_service'] } });
  });

  it('replaces a server that was killed, in its lease', async () => {
    await using stats = await startStatsServer();
    await using _ = startPool({ WAR_ROOM_STATS_URL: stats.url });
    const lease = await _.lease('stats');
    const [first = 0] = pidsOf(_.pool);
    process.kill(first, 'SIGKILL');
    const answer = await lease.call('stats', 'get_traffic_metrics', {}, options);
    expect(answer).toMatchObject({ isError: false, structured: { requestsPerSecond: 148.2 } });
    expect(_.pool.status().servers).toMatchObject([{ state: 'leased' }]);
    expect(pidsOf(_.pool)).not.toEqual([first]);
    expect(_.pool.status().failed).toMatchObject([
      { message: 'The stats server was ended by SIGKILL.' },
    ]);
  });

  it('replaces a server that hangs, when a call was late', async () => {
    await using stats = await startStatsServer();
    await using _ = startPool({ WAR_ROOM_STATS_URL: stats.url });
    const lease = await _.lease('stats');
    const [first = 0] = pidsOf(_.pool);
    process.kill(first, 'SIGSTOP');
    const late = lease.call('stats', 'get_traffic_metrics', {}, { ...options, deadlineMs: 500 });
    await expect(late).rejects.toMatchObject({ code: 'deadline' });
    const answer = await lease.call('stats', 'get_traffic_metrics', {}, options);
    expect(answer).toMatchObject({ isError: false });
    expect(pidsOf(_.pool)).not.toEqual([first]);
    expect(isAlive(first)).toBe(false);
  });

  it('tells how a server failed, with the last lines that it wrote', async () => {
    await using _ = startPool();
    const lease = _.lease('exits');
    const lines = Array.from({ length: 50 }, (_unused, index) => `line ${index + 11}`);
    await expect(lease).rejects.toMatchObject({
      code: 'server-failed',
      message: `The exits server ended with status 7. It last wrote:\n${lines.join('\n')}`,
    });
  });

  it('kills a server that does not answer and hears nothing', async () => {
    await using _ = startPool({}, 1_500);
    const lease = _.lease('deaf');
    const pid = await waitFor('the process', () => _.pool.status().servers.length > 0);
    expect(pid).toBe(true);
    await expect(lease).rejects.toMatchObject({
      message: 'The deaf server did not answer its greeting within 1.5 s.',
    });
    expect(_.pool.status().servers).toEqual([]);
  });

  it('gives up on a program that does not speak MCP', async () => {
    await using _ = startPool({}, 1_500);
    await expect(_.lease('babbles')).rejects.toMatchObject({
      code: 'server-failed',
    });
  });

  it('leaves no process when it is disposed', async () => {
    const { pool, lease } = startPool();
    await lease('stats', 'kubectl', 'logs');
    const pids = pidsOf(pool);
    await pool.dispose();
    expect(pids).toHaveLength(3);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('leaves no process when its owner is killed', async () => {
    const script = await bundleScript(join(__dirname, 'owner.ts'), folder.path);
    const owner = spawn(process.execPath, [script, folder.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
    const pids = JSON.parse(line) as number[];
    expect(pids.filter(isAlive)).toHaveLength(3);
    owner.kill('SIGKILL');
    await waitFor('the servers to end', () => pids.filter(isAlive).length === 0);
  });
});
