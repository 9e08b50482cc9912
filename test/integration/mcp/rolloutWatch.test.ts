import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { followRollout } from '../../../src/mcp/kubernetes/rollout';
import { withCluster } from '../../../src/mcp/kubernetes/cluster';
import { temporaryFolder } from '../../harness/temporary';

/** A deployment of two pods of which `ready` are. */
function deployment(resourceVersion: string, ready: number) {
  const status = { observedGeneration: 1, replicas: 2, updatedReplicas: 2 };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'checkout', namespace: 'shop', generation: 1, resourceVersion },
    spec: { replicas: 2, selector: {}, template: {} },
    status: { ...status, availableReplicas: ready },
  };
}

const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;

it('a rollout is followed over a cut connection, and begun anew where the version is gone', async () => {
  const watches: (string | null)[] = [];
  let reads = 0;
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    response.setHeader('content-type', 'application/json');
    if (query.get('watch') !== 'true') {
      reads++;
      response.end(JSON.stringify(deployment(reads === 1 ? '1' : '5', 0)));
      return;
    }
    watches.push(query.get('resourceVersion'));
    response.writeHead(200);
    if (watches.length === 1) {
      response.write(line('MODIFIED', deployment('2', 1)), () => request.socket.destroy());
    } else if (watches.length === 2) {
      response.end(line('ERROR', { kind: 'Status', code: 410, message: 'too old' }));
    } else {
      response.write(line('BOOKMARK', { metadata: { resourceVersion: '6' } }));
      response.write(line('MODIFIED', deployment('7', 2)));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await using folder = await temporaryFolder('watch');
  const kubeconfig = join(folder.path, 'config');
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const before = process.env['KUBECONFIG'];
  try {
    await writeFile(
      kubeconfig,
      JSON.stringify({
        clusters: [{ name: 'one', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
        contexts: [{ name: 'one', context: { cluster: 'one', user: 'me' } }],
        users: [{ name: 'me', user: { token: 'x' } }],
      }),
    );
    process.env['KUBECONFIG'] = kubeconfig;
    const { signal } = new AbortController();
    const followed = await withCluster({ namespace: 'shop' }, signal, (cluster) =>
      followRollout(cluster, 'checkout', 20_000, signal),
    );
    expect(followed.status?.availableReplicas).toBe(2);
    expect(watches).toEqual(['1', '2', '5']);
    expect(reads).toBe(2);
  } finally {
    if (before === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = before;
    server.closeAllConnections();
    server.close();
  }
});
