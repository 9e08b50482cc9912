import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';

import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';
import { buildServers } from './bundles';
import { connect } from './client';
import { makeNamespace, missingCluster, pod } from './cluster';
import { gate, lokiUrl, missingLoki, push } from './loki';
import { need } from './prerequisite';

const run = promisify(execFile);
const service = `checkout-${process.pid}`;
const namespace = `shop-${process.pid}`;
const gonePod = `${service}-7d4f9c8b6d-x2x7k`;
const labels = { namespace, app: service, container: 'main' };

let folder: TemporaryFolder;
let missing: string | null;

beforeAll(async () => {
  folder = await temporaryFolder('loki');
  await buildServers(folder.path);
  missing = await missingLoki();
  if (missing !== null) return;
  const requests = Array.from({ length: 2500 }, (_, index) => `request ${index + 1} handled`);
  await push({ labels: { ...labels, pod: gonePod }, lines: requests, agoMs: 30_000 });
  await push({
    labels: { ...labels, pod: gonePod, stream: 'stderr' },
    lines: ['OperationalError: database is locked', '한글 로그 "quoted"'],
    agoMs: 20_000,
  });
  const second = `${service}-7d4f9c8b6d-b4b4b`;
  await push({ labels: { ...labels, pod: second }, lines: ['started'], agoMs: 2 * 3_600_000 });
  await push({ labels: { ...labels, namespace: 'other', pod: second }, lines: ['of another'] });
}, 16 * 60_000);

afterAll(() => folder.remove());

/** A session with a server for which only Loki is there. */
async function session(
  context: TestContext,
  environment: Record<string, string> = {},
  server = 'logs',
) {
  need(context, missing);
  return await connect(join(folder.path, `${server}.js`), {
    DOCKER_HOST: 'unix:///nowhere.sock',
    KUBECONFIG: '/nowhere',
    WAR_ROOM_LOKI_URL: lokiUrl(),
    ...environment,
  });
}

describe('the logs server with Loki', { timeout: 120_000 }, () => {
  it('reads what a pod wrote that no longer is, and says where it looked', async (context) => {
    await using logs = await session(context);
    const answer = await logs.call('get_service_logs', { service: gonePod, namespace, tail: 3 });
    expect(answer.text).toBe(
      [
        `# from Loki, ${lokiUrl()}/, the last 24 h: ${gonePod}/main`,
        '# not all was seen; "unseen" says what',
        'request 2500 handled',
        'OperationalError: database is locked',
        '한글 로그 "quoted"',
      ].join('\n'),
    );
    expect(answer.structured).toMatchObject({
      source: 'loki',
      containers: [`${gonePod}/main`],
      lines: 3,
      gone: null,
      unseen: [
        expect.stringContaining('Docker engine') as string,
        expect.stringContaining('kubeconfig /nowhere') as string,
      ],
    });
  });

  it('finds the containers of a service in its namespace, the newest first', async (context) => {
    await using logs = await session(context);
    const answer = await logs.call('get_service_logs', { service, namespace, source: 'loki' });
    expect(answer.structured).toMatchObject({
      containers: [`${gonePod}/main`, `${service}-7d4f9c8b6d-b4b4b/main`],
      lines: 101,
      unseen: [],
    });
    expect(answer.text).toContain(`[${service}-7d4f9c8b6d-b4b4b/main] started`);
    expect(answer.text).not.toContain('of another');
  });

  it('reads on over pages, and searches them as it searches other sources', async (context) => {
    await using logs = await session(context);
    const query = {
      service: gonePod,
      namespace,
      source: 'loki',
      pattern: 'request \\d+00 |locked',
    };
    const all = await logs.call('search_logs', query);
    expect(all.structured).toMatchObject({ searchedLines: 2502, leftOut: 0 });
    const { matches } = all.structured as { matches: { text: string }[] };
    expect(matches.map(({ text }) => text)).toEqual([
      ...Array.from({ length: 25 }, (_, index) => `request ${index + 1}00 handled`),
      'OperationalError: database is locked',
    ]);
    const last = await logs.call('search_logs', { ...query, tail: 1500 });
    expect(last.structured).toMatchObject({ searchedLines: 1500 });
  });

  it('looks back only as far as it is told', async (context) => {
    await using logs = await session(context);
    const query = { service, namespace, source: 'loki', tail: 1 };
    const lately = await logs.call('get_service_logs', { ...query, since: '1h' });
    expect(lately.structured).toMatchObject({ containers: [`${gonePod}/main`] });
    expect(lately.text).toMatch(/, since \d{4}-.*Z: /);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const none = await logs.call('get_service_logs', { ...query, since: later });
    expect(none).toMatchObject({ isError: true });
    expect(none.text).toMatch(/^Loki \(.*\) has no log of a service checkout-/);
  });

  it('asks for the tenant that is set, and says when one must be', async (context) => {
    need(context, missing);
    // As Loki itself does where it tells tenants apart.
    await using tenants = await gate(['x-scope-orgid', 'shop'], 'no org id\n');
    const environment = { WAR_ROOM_LOKI_URL: tenants.url };
    const query = { service, namespace, source: 'loki' };
    await using shop = await session(context, { ...environment, WAR_ROOM_LOKI_TENANT: 'shop' });
    const answer = await shop.call('get_service_logs', query);
    expect(answer.text).toContain(`${tenants.url}/ (tenant shop), the last 24 h`);
    await using nobody = await session(context, environment);
    const refused = await nobody.call('get_service_logs', query);
    expect(refused).toMatchObject({ isError: true });
    expect(refused.text).toContain('status 401: no org id; name the tenant with WAR_ROOM_LOKI_');
  });

  it('tells in one sentence what it refuses', async (context) => {
    await using logs = await session(context);
    const query = { service, namespace, source: 'loki' };
    const tooFar = await logs.call('get_service_logs', { ...query, since: '800d' });
    expect(tooFar).toMatchObject({ isError: true });
    expect(tooFar.text).toMatch(/answered with status 400: .*; ask with a later "since"\.$/);
  });

  it('says that nobody answers, and that no Loki is named', async (context) => {
    await using logs = await session(context, { WAR_ROOM_LOKI_URL: 'http://127.0.0.1:9' });
    const query = { service, namespace, source: 'loki' };
    const away = await logs.call('get_service_logs', query);
    expect(away.text).toMatch(/^http:\/\/127\.0\.0\.1:9\/\S+ cannot be reached \(ECONNREFUSED\)\./);
    await using without = await session(context, { WAR_ROOM_LOKI_URL: '' });
    const unnamed = await without.call('get_service_logs', query);
    expect(unnamed.text).toMatch(/^No Loki is known: set WAR_ROOM_LOKI_URL/);
  });

  it('logs in by token, by user and password, and says when it must', async (context) => {
    need(context, missing);
    const basic = `Basic ${Buffer.from('on-call:p@ss').toString('base64')}`;
    await using byToken = await gate(['authorization', 'Bearer t0ken']);
    await using byPassword = await gate(['authorization', basic]);
    const query = { service, namespace, source: 'loki', tail: 1 };
    const environments: [Record<string, string>, boolean][] = [
      [{ WAR_ROOM_LOKI_URL: byToken.url, WAR_ROOM_LOKI_TOKEN: 't0ken' }, false],
      [
        {
          WAR_ROOM_LOKI_URL: byPassword.url,
          WAR_ROOM_LOKI_USER: 'on-call',
          WAR_ROOM_LOKI_PASSWORD: 'p@ss',
        },
        false,
      ],
      [{ WAR_ROOM_LOKI_URL: byPassword.url.replace('//', '//on-call:p%40ss@') }, false],
      [{ WAR_ROOM_LOKI_URL: byToken.url, WAR_ROOM_LOKI_TOKEN: 'wrong' }, true],
    ];
    for (const [environment, isError] of environments) {
      await using logs = await session(context, environment);
      const answer = await logs.call('get_service_logs', query);
      expect(answer).toMatchObject({ isError });
      expect(answer.text).not.toMatch(/p@ss|p%40ss|t0ken/);
      if (isError) expect(answer.text).toMatch(/answered with status 401; set WAR_ROOM_LOKI_TOKEN/);
    }
  });

  it('trusts the authority that is named, and no other', async (context) => {
    need(context, missing);
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
    const subject = ['-subj', '/CN=loki', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert];
    await run('openssl', ['req', ...made, ...subject]);
    const tls = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
    await using secure = await gate(['authorization', 'Bearer t0ken'], '', tls);
    const environment = { WAR_ROOM_LOKI_URL: secure.url, WAR_ROOM_LOKI_TOKEN: 't0ken' };
    const query = { service, namespace, source: 'loki', tail: 1 };
    await using trusting = await session(context, { ...environment, WAR_ROOM_LOKI_CA_FILE: cert });
    expect(await trusting.call('get_service_logs', query)).toMatchObject({ isError: false });
    await using wary = await session(context, environment);
    const answer = await wary.call('get_service_logs', query);
    expect(answer.text).toMatch(/cannot be reached \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
  });
});

describe('Loki behind a cluster', { timeout: 120_000 }, () => {
  it('has the pods that are gone from it, beside those that run', async (context) => {
    need(context, missing);
    need(context, await missingCluster());
    await using space = await makeNamespace();
    const at = { context: space.context, namespace: space.name };
    // Of their own at each try: what a try before wrote is kept, in another namespace.
    const [alive, gone] = [`${space.name}-0`, `${space.name}-1`];
    await space.core.createNamespacedPod({
      namespace: space.name,
      body: {
        metadata: { name: alive, labels: { app: service } },
        spec: pod('echo alive; sleep 600'),
      },
    });
    const stream = { namespace: space.name, app: service, container: 'main' };
    await push({ labels: { ...stream, pod: gone }, lines: ['panic: out of ideas'], agoMs: 60_000 });
    await push({ labels: { ...stream, pod: alive }, lines: ['by Loki, alive'] });
    await using logs = await session(context, space.environment);
    const both = await waitFor(
      'the pod to write',
      async () => {
        const answer = await logs.call('get_service_logs', { service, ...at });
        return answer.text.includes(`[${alive}/main] alive`) ? answer : null;
      },
      { deadlineMs: 60_000 },
    );
    expect(both.structured).toMatchObject({
      source: 'kubernetes',
      containers: [`${alive}/main`],
      gone: { source: 'loki', containers: [`${gone}/main`] },
    });
    expect(both.text).toContain(`[${gone}/main] panic: out of ideas`);
    expect(both.text).not.toContain('by Loki');

    await using kubectl = await session(context, space.environment, 'kubectl');
    const kept = await kubectl.call('get_pod_logs', { pod_name: gone, previous: true, ...at });
    expect(kept.structured).toMatchObject({ source: 'loki', container: 'main', lines: 1 });
    expect(kept.text).toMatch(/^# from Loki, .*is gone from the cluster\npanic: out of ideas$/);
    const anywhere = await kubectl.call('get_pod_logs', { pod_name: gone, context: at.context });
    expect(anywhere.text).toMatch(
      /, any namespace: .*is gone from the cluster\npanic: out of ideas$/,
    );
    const never = await kubectl.call('get_pod_logs', { pod_name: 'never', ...at });
    expect(never.text).toMatch(/^pods "never" not found in .* has no log of it either\.$/);
  });
});
