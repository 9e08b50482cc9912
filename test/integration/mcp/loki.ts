import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { messageOf } from '../../../src/base/errors';
import { waitFor } from '../../harness/wait';

/** Lines of one stream, a millisecond apart unless told; the last one is `agoMs` old. */
export interface Pushed {
  labels: Readonly<Record<string, string>>;
  lines: readonly string[];
  agoMs?: number;
  stepMs?: number;
  tenant?: string;
}

/** CI starts Loki beside the tests, and the first time on a machine it is built then. */
const startMs = process.env['CI'] === 'true' ? 15 * 60_000 : 2_000;

/** Base address of the Loki of the tests. */
export function lokiUrl(): string {
  return process.env['TEST_LOKI_URL'] ?? '';
}

/** Why no Loki can be used, or null. */
export async function missingLoki(): Promise<string | null> {
  if (lokiUrl() === '') return 'no Loki: TEST_LOKI_URL is not set';
  const isReady = () =>
    fetch(`${lokiUrl()}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  try {
    await waitFor('Loki to be ready', isReady, { deadlineMs: startMs });
    return null;
  } catch (error) {
    return `no Loki: ${messageOf(error)}`;
  }
}

/** Gives Loki lines, as a collector does. */
export async function push({
  labels,
  lines,
  agoMs = 0,
  stepMs = 1,
  tenant,
}: Pushed): Promise<void> {
  const last = Date.now() - agoMs;
  const values = lines.map((line, index) => {
    const time = last - (lines.length - 1 - index) * stepMs;
    return [`${time}000000`, line];
  });
  const answer = await fetch(`${lokiUrl()}/loki/api/v1/push`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
    },
    body: JSON.stringify({ streams: [{ stream: labels, values }] }),
  });
  if (!answer.ok) throw new Error(`Loki took nothing: ${answer.status} ${await answer.text()}`);
}

/** What stands before Loki: it demands a header, and may speak TLS. */
export interface Gate extends AsyncDisposable {
  url: string;
}

/** Lets only requests with this header through; `refusal` is what the others get with status 401. */
export async function gate(
  [name, value]: readonly [string, string],
  refusal = '<html>Sign in</html>',
  tls?: { key: string; cert: string },
): Promise<Gate> {
  const pass: Parameters<typeof createServer>[1] = (asked, response) => {
    if (asked.headers[name] !== value) {
      response.writeHead(401).end(refusal);
      return;
    }
    const { url = '/', method, headers } = asked;
    request(new URL(url, lokiUrl()), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    }).end();
  };
  const server: Server = tls ? createSecureServer(tls, pass) : createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
