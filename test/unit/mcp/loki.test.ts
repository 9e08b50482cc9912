import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Entry } from '../../../src/mcp/logs/loki/api';
import { lastLines } from '../../../src/mcp/logs/loki/lastLines';
import { configuredLoki } from '../../../src/mcp/logs/loki/place';
import { refusal } from '../../../src/mcp/logs/loki/refusal';
import {
  clusterOf,
  containerOf,
  namesOf,
  queryOf,
  selectorText,
  selectorsFor,
  withoutContainers,
  withoutPods,
} from '../../../src/mcp/logs/loki/streams';
import { fits } from '../../../src/mcp/shared/labels';
import type { Labels } from '../../../src/mcp/shared/labels';

const promtail = ['app', 'container', 'namespace', 'pod', 'service_name'];

/** The streams that the first fitting selector finds. */
function found(service: string, streams: readonly Labels[], namespace?: string) {
  const known = [...new Set(streams.flatMap((labels) => Object.keys(labels)))];
  const selectors = selectorsFor({ service, namespace }, known);
  const first = selectors.find((each) => streams.some((labels) => fits(labels, each))) ?? null;
  return first && streams.filter((labels) => fits(labels, first));
}

describe('finding the streams of a service', () => {
  it('asks for its own label first, then for pods and containers of its name', () => {
    const selectors = selectorsFor({ service: 'checkout', namespace: 'shop' }, promtail);
    expect(selectors.map(selectorText).map((text) => text.split(/=~?/)[0])).toEqual([
      '{app',
      '{service_name',
      '{pod',
      '{container',
    ]);
    expect(selectorText(selectors[0] ?? [])).toBe('{app="checkout", namespace="shop"}');
  });

  it.each([
    'checkout',
    'checkout-7d4f9c8b6d-x2x7k',
    'checkout-0',
    'checkout-x2x7k',
    'checkout-28471234-x2x7k',
  ])('knows the pod %s by its workload', (pod) => {
    expect(found('checkout', [{ pod }])).toEqual([{ pod }]);
  });

  it.each(['checkout-db-0', 'checkout-worker-7d4f9c8b6d-x2x7k', 'checkout-admin', 'precheckout-0'])(
    'does not take the pod %s for one of it',
    (pod) => {
      expect(found('checkout', [{ pod }])).toBeNull();
    },
  );

  it('finds a pod by its own name, and takes dots for dots', () => {
    expect(found('a.b', [{ pod: 'a.b' }, { pod: 'axb' }])).toEqual([{ pod: 'a.b' }]);
  });

  it('keeps to the namespace, however it is labelled', () => {
    const streams = [
      { service_name: 'checkout', k8s_namespace_name: 'shop' },
      { service_name: 'checkout', k8s_namespace_name: 'staging' },
    ];
    expect(found('checkout', streams, 'shop')).toEqual([streams[0]]);
    expect(found('checkout', [{ app: 'checkout' }], 'shop')).toEqual([{ app: 'checkout' }]);
  });

  it('looks behind the selector for what is not in the index', () => {
    const query = queryOf(
      [
        ['service_name', '=', 'checkout'],
        ['k8s_pod_name', '=', 'a "b"'],
      ],
      ['service_name'],
    );
    expect(query).toBe('{service_name="checkout"} | k8s_pod_name="a \\"b\\""');
  });

  it('leaves out containers and pods that are not wanted', () => {
    const seen = containerOf({ namespace: 'shop', pod: 'p', container: 'c', level: 'info' });
    expect(withoutContainers([seen])).toBe(' | namespace!="shop" or pod!="p" or container!="c"');
    expect(withoutContainers([containerOf({ unit: 'nginx.service' }), seen])).toBe(
      withoutContainers([seen]),
    );
    expect(withoutPods(['a', 'b.c'])).toContain(' | pod!~"a|b\\\\.c"');
    expect(withoutPods([])).toBe('');
  });

  it('calls containers by pod and container, and by what differs', () => {
    const one = { cluster: 'eu', namespace: 'shop', pod: 'p', container: 'c' };
    expect(namesOf([one])).toEqual(['p/c']);
    expect(namesOf([one, { ...one, cluster: 'us' }])).toEqual(['eu/p/c', 'us/p/c']);
    expect(namesOf([one], 'admin@eu')).toEqual(['p/c']);
    expect(namesOf([one], 'admin@us')).toEqual(['eu/p/c']);
    expect(namesOf([{ job: 'nginx' }])).toEqual(['nginx']);
  });

  it.each([
    ['prod-eu', 'prod-eu'],
    ['gke_shop_europe_prod-eu', 'prod-eu'],
    ['admin@prod-us', 'prod-us'],
    ['my-prod-eu', undefined],
    [undefined, undefined],
  ])('takes of several clusters the one of the context %s', (context, cluster) => {
    const streams = [{ cluster: 'prod-eu' }, { cluster: 'prod-us' }];
    expect(clusterOf(streams, context)).toEqual(cluster ? [['cluster', '=', cluster]] : []);
  });
});

describe('reading the last lines page by page', () => {
  /** Newest first, as Loki gives them; several lines may have one time. */
  const logs = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }).map((steps) =>
    steps.reduce<Entry[]>((log, step, index) => {
      const time = (log.at(-1)?.time ?? 1000n) - BigInt(step);
      return [...log, { time, labels: {}, line: `line ${index}` }];
    }, []),
  );

  it('loses no line and gives none twice, whatever the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        logs,
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 9 }),
        async (log, tail, page) => {
          const read = (end: bigint, limit: number) =>
            Promise.resolve(log.filter(({ time }) => time < end).slice(0, limit));
          const { lines } = await lastLines(read, {
            end: 2000n,
            tail,
            mostBytes: 1e6,
            pageSize: page,
          });
          expect(lines).toEqual(
            log
              .slice(0, tail)
              .map(({ line }) => line)
              .reverse(),
          );
        },
      ),
    );
  });

  it('stops where it is enough, and says so', async () => {
    const line = 'x'.repeat(100);
    const log = Array.from({ length: 50 }, (_, index) => ({
      time: BigInt(100 - index),
      labels: {},
      line,
    }));
    const read = (end: bigint, limit: number) =>
      Promise.resolve(log.filter(({ time }) => time < end).slice(0, limit));
    const last = await lastLines(read, { end: 200n, tail: 50, mostBytes: 1000, pageSize: 10 });
    expect(last).toMatchObject({ isCut: true });
    expect(last.lines.length).toBeLessThan(50);
  });
});

describe('where Loki is', () => {
  it('is nowhere unless somebody says', async () => {
    expect(await configuredLoki({})).toBeNull();
  });

  it('takes a token before user and password, and the tenant', async () => {
    const loki = await configuredLoki({
      WAR_ROOM_LOKI_URL: 'https://logs.example/loki-prod',
      WAR_ROOM_LOKI_TENANT: 'shop',
      WAR_ROOM_LOKI_USER: 'user',
      WAR_ROOM_LOKI_PASSWORD: 'password',
      WAR_ROOM_LOKI_TOKEN: 'token\n',
    });
    expect(loki?.base.href).toBe('https://logs.example/loki-prod/');
    expect(loki?.request.headers).toEqual({
      'x-scope-orgid': 'shop',
      authorization: 'Bearer token',
    });
  });

  it('says which file of certificates cannot be read', async () => {
    const environment = { WAR_ROOM_LOKI_URL: 'https://logs', WAR_ROOM_LOKI_CA_FILE: '/nowhere' };
    await expect(configuredLoki(environment)).rejects.toThrow(
      /^WAR_ROOM_LOKI_CA_FILE .* names \/nowhere, which is no readable file/,
    );
  });
});

describe('what Loki refuses', () => {
  const loki = { base: new URL('http://user:secret@logs:3100/'), tenant: 'shop', request: {} };

  it.each([
    [401, 'no org id', /: no org id; name the tenant with WAR_ROOM_LOKI_TENANT/],
    [401, '<html>Sign in</html>', /status 401; set WAR_ROOM_LOKI_TOKEN, or/],
    [
      400,
      'the query time range exceeds the limit (query length: 800h, limit: 30d1h)',
      /later "since"\.$/,
    ],
    [400, 'parse error at line 1', /status 400: parse error at line 1\.$/],
    [404, '404 page not found', /base address, without \/loki\/api\/v1\.$/],
    [
      302,
      '',
      /^Loki at http:\/\/logs:3100\/ \(tenant shop\) answered with status 302; another address/,
    ],
    [503, 'Ingester not ready', /ask again in a minute\.$/],
  ])('says of %i %j what to do', (status, body, sentence) => {
    const said = refusal(loki, status, body);
    expect(said).toMatch(sentence);
    expect(said).not.toContain('secret');
  });
});
