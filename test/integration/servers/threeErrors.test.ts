import { writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { Log } from '../../../src/base/log';
import type { Incident } from '../../../src/incident/incident';
import { WarRoom } from '../../../src/warRoom';
import { postgresPrograms, postgresUrl, startPostgres, startRedis } from '../../harness/databases';
import type { TestDatabase } from '../../harness/databases';
import { JumpingClock } from '../../harness/jumpingClock';
import { shareImages } from '../../harness/sharedImages';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';
import { dist } from '../cli/command';
import { missingEngine } from '../mcp/engine';
import { need } from '../mcp/prerequisite';
import { testHost } from '../../harness/host';

vi.setConfig({ testTimeout: 600_000 });

const minute = 60_000;
const errors = {
  docker: 'Error: Cannot connect to Docker daemon',
  postgres: 'Error: PostgreSQL connection failed',
  redis: 'Error: Redis ECONNREFUSED',
};

let missing: string | null;
let data: TemporaryFolder;
let workspace: TemporaryFolder;
let postgres: TestDatabase;
let redis: TestDatabase;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing === null && (await postgresPrograms()) === undefined) {
    missing = 'PostgreSQL is not installed';
  }
  if (missing !== null) return;
  data = await temporaryFolder('data');
  await shareImages(data.path);
  workspace = await temporaryFolder('workspace');
  process.env['WAR_ROOM_DATA'] = data.path;
  postgres = await startPostgres();
  redis = await startRedis();
}, 300_000);

afterAll(async () => {
  delete process.env['WAR_ROOM_DATA'];
  await postgres?.[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
  await data?.remove();
  await workspace?.remove();
});

/** A window of somebody whose environment says where database and cache are. */
function window() {
  const said: string[] = [];
  const log: Log = {
    debug: () => undefined,
    info: (message) => said.push(message),
    warn: (message) => said.push(message),
    error: (message) => said.push(message),
  };
  const clock = new JumpingClock();
  const host = testHost({
    clock,
    log,
    bundles: dist,
    roots: () => [workspace.path],
    environment: () => ({
      DOCKER_HOST: process.env['DOCKER_HOST'],
      DSN: postgresUrl(postgres),
      REDIS_URL: `redis://127.0.0.1:${redis.port}/0`,
    }),
    follows: true,
    writeFile,
  });
  return { warRoom: new WarRoom(host), clock, said };
}

describe('the three errors of the guide, at once', () => {
  it('have a server each that tells a fact, is reused, and stops when it is idle', async (context) => {
    need(context, missing);
    const { warRoom, clock, said } = window();
    const diagnose = (text: string): Promise<Incident> =>
      warRoom.diagnose({
        sources: [{ kind: 'text', source: 'app.log', text }],
        trigger: 'app.log',
        forceNew: true,
        allowStart: true,
      });
    const all = () => Promise.all(Object.values(errors).map(diagnose));
    try {
      const [docker, database, cache] = await all();
      const facts = (incident: Incident | undefined) =>
        (incident?.rootCause?.evidence ?? [])
          .filter(({ source }) => source.startsWith('mcp:'))
          .map(({ source, text }) => `${source} ${text}`)
          .join('\n');
      expect(docker?.category).toBe('docker-unreachable');
      expect(facts(docker)).toMatch(/^mcp:logs\/get_engine_status engine_version: \d+/m);
      expect(database?.category).toBe('database-unavailable');
      expect(facts(database)).toMatch(/^mcp:postgres\/execute_sql .*PostgreSQL \d+/m);
      expect(cache?.category).toBe('cache-unavailable');
      expect(facts(cache)).toMatch(/^mcp:redis\S*\/\w+ /m);
      expect(said.join('\n')).toMatch(/Keywords: .*docker/);
      expect(said.join('\n')).toMatch(/Best candidate: postgres \(score \d+\/100\)/);
      expect(said.join('\n')).toMatch(/Best candidate: redis\S* \(score \d+\/100\)/);

      const first = warRoom.servers.poolStatus()?.servers ?? [];
      const containers = first.filter(({ runtime }) => runtime === 'docker');
      expect(containers.map(({ server }) => server)).toEqual(
        expect.arrayContaining(['postgres', expect.stringMatching(/^redis/)]),
      );
      expect(first.every(({ state }) => state === 'idle')).toBe(true);

      await all();
      const second = warRoom.servers.poolStatus()?.servers ?? [];
      expect(second.map(({ name }) => name).sort()).toEqual(first.map(({ name }) => name).sort());

      clock.jump(31 * minute);
      await waitFor(
        'the idle servers to stop',
        () => warRoom.servers.poolStatus()?.servers.length === 0,
        { deadlineMs: minute },
      );
      const told = said.filter((line) => line.startsWith('[pool]')).join('\n');
      for (const { name } of containers) {
        expect(told).toContain(`Container started: ${name}`);
        expect(told).toMatch(new RegExp(`idle.*${name}|${name}.*idle`, 'i'));
      }
    } finally {
      await warRoom.close();
    }
  });
});
