import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';

import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';
import { buildServers } from './bundles';
import { connect } from './client';
import { TestEngine, missingEngine } from './engine';
import { need } from './prerequisite';

const service = `blog-${process.pid}`;
let folder: TemporaryFolder;
let missing: string | null;
let engine: TestEngine | null = null;

beforeAll(async () => {
  folder = await temporaryFolder('logs');
  await buildServers(folder.path);
  missing = await missingEngine();
  if (missing !== null) return;
  engine = new TestEngine();
  await engine.prepare(folder.path);
  const compose = { 'com.docker.compose.service': service };
  const script = `
    for (let i = 1; i <= 300; i++) console.log('request ' + i + ' handled');
    // Later, since the engine does not keep the order between the two streams.
    setTimeout(() => console.error('OperationalError: database is locked'), 500);
    setInterval(() => {}, 1000);`;
  await engine.start(`shop-${service}-1`, script, compose);
  await engine.start(`shop-${service}-2`, "console.log('한글 로그'); process.exit(1)", compose);
}, 180_000);

afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  await folder.remove();
});

/** A session with the logs server, once both containers have written all that they write. */
async function logs(context: TestContext) {
  need(context, missing);
  const session = await connect(join(folder.path, 'logs.js'), {
    DOCKER_HOST: process.env['DOCKER_HOST'] ?? '',
    KUBECONFIG: '/nowhere',
  });
  await waitFor('the containers to write', async () => {
    const { text } = await session.call('get_service_logs', { service, tail: 5 });
    return text.includes('database is locked') && text.includes('한글 로그');
  });
  return session;
}

describe('the logs server on an engine', { timeout: 120_000 }, () => {
  it('finds the containers of a compose service, also one that ended', async (context) => {
    await using session = await logs(context);
    const answer = await session.call('get_service_logs', { service, tail: 2 });
    expect(answer.structured).toMatchObject({
      source: 'docker',
      containers: [`shop-${service}-1`, `shop-${service}-2`],
    });
    expect(answer.text.split('\n').slice(1)).toContain(`[shop-${service}-2] 한글 로그`);
    expect(answer.text).toContain(`[shop-${service}-1] OperationalError: database is locked`);
    expect(answer.text).not.toContain('request 298 ');
  });

  it('finds one container by its name, and gives the last hundred lines', async (context) => {
    await using session = await logs(context);
    const answer = await session.call('get_service_logs', { service: `shop-${service}-1` });
    expect(answer.structured).toMatchObject({ lines: 100, cutLines: 0 });
    expect(answer.text).toMatch(/^# from Docker, /);
  });

  it('searches by regular expression, and only back to a moment', async (context) => {
    await using session = await logs(context);
    const query = { service, pattern: 'request \\d+00 |locked', source: 'docker' };
    const found = await session.call('search_logs', { ...query, since: '1h' });
    const { matches } = found.structured as { matches: { text: string }[] };
    expect(matches.map(({ text }) => text).sort()).toEqual([
      'OperationalError: database is locked',
      'request 100 handled',
      'request 200 handled',
      'request 300 handled',
    ]);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const none = await session.call('search_logs', { ...query, since: later });
    expect(none.structured).toMatchObject({ matches: [], searchedLines: 0 });
  });

  it('says that the engine answers, and what runs on it', async (context) => {
    await using session = await logs(context);
    const { text, structured } = await session.call('get_engine_status', {});
    expect(text).toMatch(/^engine_version: \d+\.\d+\S* \(API \d+\.\d+\)$/m);
    const { running, stopped } = structured as { running: number; stopped: number };
    expect(running).toBeGreaterThanOrEqual(1);
    expect(stopped).toBeGreaterThanOrEqual(1);
    expect(text).toContain(`containers: ${running} running`);
  });

  it('says who does not know the service', async (context) => {
    await using session = await logs(context);
    const answer = await session.call('get_service_logs', { service: 'nobody' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(
      /^The Docker engine at \S+ has no container of a service nobody\. The kubeconfig \/nowhere/,
    );
  });
});
