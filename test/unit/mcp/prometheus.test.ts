import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from 'vitest';

import { readEndpoints } from '../../../src/mcp/stats/endpoints';
import { measureWorkload } from '../../../src/mcp/stats/prometheus/measure';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Something at the address of a Prometheus. */
async function answering(answer: Answer) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    at: (token: string | null = null, user = '') => ({
      base: new URL(`http://${user}127.0.0.1:${port}/`),
      token,
    }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const wanted = { namespace: 'prod', name: 'shop' };
const never = new AbortController().signal;
const of = { namespace: 'prod' };
const pod = (name: string, more: object = {}) => ({ ...of, pod: name, ...more });
const older = 'shop-6b8c7d9f5-aaaaa'.replace('aaaaa', 'x2x4z');
const newer = 'shop-7f9d8c6b4-b5c6d';

/** Series with their values now; a rate is that of the series of its name. */
type Series = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

const deployment: Series = [
  [{ __name__: 'kube_deployment_spec_replicas', ...of, deployment: 'shop' }, 1],
  [{ __name__: 'kube_deployment_status_replicas_ready', ...of, deployment: 'shop' }, 1],
];

const pods: Series = [
  [{ __name__: 'kube_pod_created', ...pod(older) }, 1000],
  [{ __name__: 'kube_pod_created', ...pod(newer) }, 2000],
  [{ __name__: 'kube_pod_status_ready', ...pod(older, { condition: 'false' }) }, 1],
  [{ __name__: 'kube_pod_status_ready', ...pod(newer, { condition: 'true' }) }, 1],
  [
    {
      __name__: 'kube_pod_container_status_restarts_total',
      ...pod(older, { container: 'main' }),
    },
    7,
  ],
  [
    {
      __name__: 'kube_pod_container_status_last_terminated_reason',
      ...pod(older, { container: 'main', reason: 'OOMKilled' }),
    },
    1,
  ],
];

/** A Prometheus with these series; it knows names and equal labels, which is all that is asked of it. */
const knowing =
  (known: Series, more: object = {}): Answer =>
  ({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    const asked = [...searchParams.getAll('match[]'), ...searchParams.getAll('query')];
    const found = known.filter(([labels]) => asked.some((each) => isAsked(labels, each)));
    const result = found.map(([metric, value]) => ({ metric, value: [0, String(value)] }));
    const data = pathname.endsWith('series')
      ? found.map(([labels]) => labels)
      : { resultType: 'vector', result };
    response.end(JSON.stringify({ status: 'success', data, ...more }));
  };

function isAsked(labels: Readonly<Record<string, string>>, selector: string): boolean {
  const matchers = [...selector.matchAll(/([a-z_]+)(=~?)"([^"]*)"/g)];
  return matchers.every(([, label = '', operator, value = '']) => {
    const held = labels[label] ?? '';
    return operator === '='
      ? held === value
      : new RegExp(`^(?:${value.replaceAll('\\\\', '\\')})$`).test(held);
  });
}

describe('where Prometheus is', () => {
  it('takes a token without what a file has behind it', () => {
    const { prometheus } = readEndpoints({
      WAR_ROOM_PROMETHEUS_URL: 'http://prometheus:9090',
      WAR_ROOM_PROMETHEUS_TOKEN: 'token\n',
    });
    expect(prometheus?.token).toBe('token');
  });
});

describe('get_workload_metrics', () => {
  it('tells the pods of the newest template from older ones', async () => {
    await using server = await answering(knowing([...deployment, ...pods]));
    const { structured } = await measureWorkload(server.at(), wanted, never);
    expect(structured).toMatchObject({ desired: 1, ready: 1, updated: null, measured: ['pods'] });
    expect(structured.pods).toMatchObject([
      { name: older, newest: false, ready: false, restarts: 7, lastEnd: { reason: 'OOMKilled' } },
      { name: newer, newest: true, ready: true, restarts: null, lastEnd: null },
    ]);
    expect(structured.missing.join('\n')).toMatch(/container_memory_working_set_bytes[^]*counter/);
  });

  it('counts once what two Prometheus have scraped', async () => {
    const both = pods.flatMap(([labels, value]) =>
      ['a', 'b'].map((replica) => [{ ...labels, replica }, value] as const),
    );
    await using server = await answering(knowing([...deployment, ...both]));
    const { structured } = await measureWorkload(server.at(), wanted, never);
    expect(structured.pods.map(({ restarts }) => restarts)).toEqual([7, null]);
  });

  it('finds the workload by a pod, and by the labels that were exported', async () => {
    const exported = [...deployment, ...pods].map(([{ namespace, pod: name, ...rest }, value]) => {
      const own = { namespace: 'monitoring', pod: 'exporter-0', exported_namespace: 'prod' };
      const labels = { ...rest, ...own, ...(name ? { exported_pod: name } : {}) };
      return [namespace ? labels : rest, value] as const;
    });
    await using server = await answering(knowing(exported));
    const asked = { namespace: 'prod', pod: newer };
    const { structured } = await measureWorkload(server.at(), asked, never);
    expect(structured.workload).toEqual({ kind: 'Deployment', name: 'shop', namespace: 'prod' });
    expect(structured.pods).toHaveLength(2);
    const exporter = { namespace: 'monitoring', name: 'shop' };
    await expect(measureWorkload(server.at(), exporter, never)).rejects.toThrow(/has no series/);
  });

  it('adds nothing up over two clusters', async () => {
    const two = [...deployment, ...pods].flatMap(([labels, value]) =>
      ['east', 'west'].map((cluster) => [{ ...labels, cluster }, value] as const),
    );
    await using server = await answering(knowing(two));
    await expect(measureWorkload(server.at(), wanted, never)).rejects.toThrow(/\(east, west\)/);
    const west = { ...wanted, cluster: 'west' };
    expect((await measureWorkload(server.at(), west, never)).structured.desired).toBe(1);
  });

  /** Known by cAdvisor and the program alone: in east all requests fail, in west none. */
  const bothClusters: Series = ['east', 'west'].flatMap((cluster) => [
    [
      {
        __name__: 'container_memory_working_set_bytes',
        ...pod(newer, { cluster, container: 'main' }),
      },
      100,
    ],
    [{ __name__: 'http_requests_total', ...pod(newer, { cluster, code: '500' }) }, 10],
  ]);
  const byName = { ...wanted, kind: 'Deployment' } as const;

  it.each(['west', 'gke_shop_europe_west'])(
    'keeps to the cluster of %s by all series',
    async (cluster) => {
      const [first, second] = [newer, newer.replace('b5c6d', 'x2x4z')];
      const known = bothClusters.map(([labels, value]) => {
        const own = labels['cluster'] === 'west' ? first : second;
        return [{ ...labels, pod: own }, value] as const;
      });
      await using server = await answering(knowing(known));
      const { structured } = await measureWorkload(server.at(), { ...byName, cluster }, never);
      expect(structured.pods.map(({ name }) => name)).toEqual([first]);
      await expect(measureWorkload(server.at(), byName, never)).rejects.toThrow(/\(.*east, west\)/);
    },
  );

  it('takes no other cluster for the one that is meant', async () => {
    const prod = [...deployment, ...pods].map(
      ([labels, value]) => [{ ...labels, cluster: 'prod' }, value] as const,
    );
    await using server = await answering(knowing(prod));
    const asked = (cluster?: string) => measureWorkload(server.at(), { ...wanted, cluster }, never);
    await expect(asked('staging')).rejects.toThrow(/another cluster .*prod.*staging names none/);
    expect((await asked('admin@prod')).structured.desired).toBe(1);
    expect((await asked()).structured.desired).toBe(1);
  });

  it.each([
    [{ status: 'error' }, ['pods']],
    [{ status: 'error', code: '500' }, ['pods', 'requests']],
    [{ code: '5xx' }, ['pods', 'requests']],
  ])('takes of requests labelled %j what holds an HTTP status', async (status, measured) => {
    const requests = [{ __name__: 'http_requests_total', ...pod(newer, status) }, 10] as const;
    await using server = await answering(knowing([...deployment, ...pods, requests]));
    const { structured } = await measureWorkload(server.at(), wanted, never);
    expect(structured.measured).toEqual(measured);
    expect(structured.missing.join().includes('requests by status')).toBe(measured.length === 1);
  });

  it('hands on what Prometheus says was left out, and no hints', async () => {
    const warnings = ['store-1 did not answer', 'PromQL info: metric might not be a counter'];
    await using server = await answering(knowing([...deployment, ...pods], { warnings }));
    const { structured } = await measureWorkload(server.at(), wanted, never);
    expect(structured.warnings).toEqual(['store-1 did not answer']);
  });

  it.each([
    [400, { error: 'parse error' }, /does not understand the question \(status 400: parse error\)/],
    [401, null, /wants a login: set WAR_ROOM_PROMETHEUS_TOKEN/],
    [403, null, /does not let this login ask/],
    [404, null, /has no \/api\/v1: check WAR_ROOM_PROMETHEUS_URL/],
    [422, { error: 'too many samples' }, /cannot carry the question out \(status 422: too many/],
    [503, { error: 'query timed out' }, /overloaded, or not ready yet; .* query timed out\)/],
    [418, null, /did not answer as asked \(status 418\)/],
    [200, null, /does not answer as Prometheus does/],
  ])('says in a sentence what status %i means', async (status, said, sentence) => {
    const body = said ? JSON.stringify({ status: 'error', errorType: 'x', ...said }) : '<html>';
    await using server = await answering((_, response) => response.writeHead(status).end(body));
    const asked = measureWorkload(server.at(null, 'sam:hidden@'), wanted, never);
    await expect(asked).rejects.toThrow(sentence);
    await expect(asked).rejects.not.toThrow(/hidden/);
  });

  it.each([
    ['token-1', '', 'Bearer token-1'],
    [null, 'sam:hidden@', `Basic ${Buffer.from('sam:hidden').toString('base64')}`],
    [null, '', undefined],
  ])('logs in with token %s and user %s', async (token, user, expected) => {
    const seen: (string | undefined)[] = [];
    await using server = await answering((request, response) => {
      seen.push(request.headers.authorization);
      knowing([...deployment, ...pods])(request, response);
    });
    await measureWorkload(server.at(token, user), wanted, never);
    expect(new Set(seen)).toEqual(new Set([expected]));
  });
});
