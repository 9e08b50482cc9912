import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it, vi } from 'vitest';

import { readKeptLog } from '../../../src/mcp/kubectl/keptLog';
import { LogGoneError } from '../../../src/mcp/kubernetes/podLogs';
import { readLokiLogs } from '../../../src/mcp/logs/loki';
import { withGone } from '../../../src/mcp/logs/read';
import type { Found } from '../../../src/mcp/logs/source';

type Stream = Readonly<Record<string, string>>;
type Line = readonly [labels: Stream, ms: number, line: string];

/** A Loki with these lines; it knows names and equal labels, which is all that is asked of it here. */
async function lokiWith(lines: readonly Line[]) {
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    const asked = [...searchParams.getAll('query'), ...searchParams.getAll('match[]')];
    // What LogQL refuses: a filter of nothing.
    if (asked.some((query) => /\|\s*$/.test(query)))
      return void response.writeHead(400).end('parse error');
    const fits = (labels: Stream) =>
      asked.some((query) =>
        [...query.matchAll(/(\w+)="([^"]*)"/g)].every(([, name = '', is]) => labels[name] === is),
      );
    const nanoseconds = (name: string) => Number(BigInt(searchParams.get(name) ?? 0) / 1_000_000n);
    const found = lines
      .filter(([labels, ms]) => fits(labels) && ms < nanoseconds('end'))
      .sort(([, a], [, b]) => b - a)
      .slice(0, Number(searchParams.get('limit') ?? lines.length));
    const result = found.map(([stream, ms, line]) => ({
      stream,
      values: [[`${ms}000000`, line]],
    }));
    const data = pathname.endsWith('labels')
      ? lines.flatMap(([labels]) => Object.keys(labels))
      : pathname.endsWith('series')
        ? found.map(([labels]) => labels)
        : { resultType: 'streams', result };
    response.end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    /** From now on it is the one that is asked. */
    name: () => vi.stubEnv('WAR_ROOM_LOKI_URL', `http://127.0.0.1:${port}`),
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const never = new AbortController().signal;
const now = Date.now();
const cart = { app: 'cart', namespace: 'prod', pod: 'cart-7f9d8c6b4-b5c6d', container: 'main' };
const asked = { service: 'cart', namespace: 'prod', context: 'kind-mine', since: null, tail: 10 };

describe('Logs by Loki', () => {
  it('has those of a busy service without pods and containers', async () => {
    const stream = { unit: 'nginx.service', hostname: 'h1' };
    const lines = Array.from({ length: 150 }, (_, at): Line => [stream, now - at, `line ${at}`]);
    await using loki = await lokiWith(lines);
    loki.name();
    const found = await readLokiLogs({ service: 'nginx.service', since: null, tail: 120 }, never);
    expect(found.logs.map((log) => [log.name, log.lines.length])).toEqual([['nginx.service', 120]]);
  });

  it('names a cluster that the context does not name, and says so', async () => {
    await using loki = await lokiWith([[{ ...cart, cluster: 'other' }, now, 'hello']]);
    loki.name();
    const found = await readLokiLogs(asked, never);
    expect(found.logs).toMatchObject([{ name: `other/${cart.pod}/main`, otherCluster: 'other' }]);
    expect(found.unseen.join()).toMatch(/cluster other, which the context kind-mine does not name/);
    const own = await readLokiLogs({ ...asked, context: 'admin@other' }, never);
    expect(own).toMatchObject({ unseen: [], logs: [{ name: `${cart.pod}/main` }] });
  });

  it('are of no pods that are gone where they are of another cluster', async () => {
    await using loki = await lokiWith([[{ ...cart, cluster: 'other' }, now, 'hello']]);
    loki.name();
    const running: Found = { source: 'kubernetes', where: '', logs: [], unseen: [] };
    const { found, gone } = withGone(running, await readLokiLogs(asked, never));
    expect(gone).toBeNull();
    expect(found.unseen).toEqual([expect.stringContaining('other'), 'They were left out.']);
    const own = withGone(running, await readLokiLogs({ ...asked, context: 'other' }, never));
    expect(own).toMatchObject({ found: { unseen: [] }, gone: { logs: [{ lines: ['hello'] }] } });
  });
});

describe("A pod's log that the node has removed", () => {
  const proxy = { ...cart, container: 'istio-proxy' };
  const lines: readonly Line[] = [
    [cart, now - 60_000, 'of the run before'],
    [cart, now - 10_000, 'of this run'],
    [proxy, now - 1_000, 'of the proxy'],
  ];
  const place = { context: 'c', namespace: 'prod', assumed: null };
  const failure = new LogGoneError(cart.pod, 'main', new Date(now - 30_000));
  const kept = (previous: boolean) =>
    readKeptLog(failure, place, { pod: cart.pod, tail: 10, previous }, never);

  it('is by Loki that of the container that was asked, of all runs', async () => {
    await using loki = await lokiWith(lines);
    loki.name();
    const { container, text, head } = await kept(false);
    expect({ container, text }).toEqual({
      container: 'main',
      text: 'of the run before\nof this run',
    });
    expect(head).toMatch(/the node has no log of this run any more; these are all runs that Loki/);
    expect(head).not.toContain('gone from the cluster');
  });

  it('ends where the run of now began, where the one before is meant', async () => {
    await using loki = await lokiWith(lines);
    loki.name();
    expect(await kept(true)).toMatchObject({ container: 'main', text: 'of the run before' });
  });
});
