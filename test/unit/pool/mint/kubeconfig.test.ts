import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { meansHere, mintKubeconfig } from '../../../../src/pool/mint/kubeconfig';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';

const never = new AbortController().signal;
const gateway = 'host.docker.internal';
let folder: TemporaryFolder;
const before = process.env['KUBECONFIG'];

beforeEach(async () => {
  folder = await temporaryFolder('kubeconfig');
  process.env['KUBECONFIG'] = join(folder.path, 'config');
});

afterEach(async () => {
  if (before === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = before;
  await folder.remove();
});

interface Cluster {
  server: string;
  'certificate-authority-data'?: string;
  'tls-server-name'?: string;
}
interface Minted {
  'current-context': string;
  contexts: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
  clusters: { cluster: Cluster }[];
  users: { user: Record<string, string> }[];
}

/** Writes a kubeconfig with these contexts, each with a user of its own. */
async function kubeconfig(
  contexts: Record<string, { server: string; user: Record<string, unknown> }>,
) {
  const entries = Object.entries(contexts);
  await writeFile(
    join(folder.path, 'config'),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: entries.map(([name, { server }]) => ({ name, cluster: { server } })),
      users: entries.map(([name, { user }]) => ({ name, user })),
      contexts: entries.map(([name]) => ({
        name,
        context: { cluster: name, user: name, namespace: 'shop' },
      })),
    }),
  );
}

async function mint(context: string | null = null) {
  const made = await mintKubeconfig({ context, gateway }, never);
  const config = JSON.parse(made.content) as Minted;
  return { ...made, config, cluster: config.clusters[0]?.cluster, user: config.users[0]?.user };
}

const remote = { server: 'https://api.example.com:6443', user: { token: 'abc' } };

describe('A kubeconfig for a container', () => {
  it('holds the one context that is meant, and nothing of the others', async () => {
    await kubeconfig({ prod: remote, test: { ...remote, user: { token: 'other' } } });
    const { content, config, user, host, says } = await mint('prod');
    expect(config['current-context']).toBe('prod');
    expect(config.contexts).toEqual([
      { name: 'prod', context: { cluster: 'prod', user: 'prod', namespace: 'shop' } },
    ]);
    expect(user).toEqual({ token: 'abc' });
    expect(content).not.toContain('other');
    expect(host).toBe('api.example.com:6443');
    expect(says).toBe('a kubeconfig for the context prod, with its token');
  });

  it('is never made for a context that nobody named', async () => {
    await kubeconfig({ prod: remote, test: remote });
    await expect(mint()).rejects.toThrow(/2 contexts \(prod, test\): say which is meant/);
    await expect(mint('dev')).rejects.toThrow('no context dev; it has prod, test.');
  });

  it('addresses an API server on this machine as the container reaches it, checked as before', async () => {
    await kubeconfig({ kind: { server: 'https://127.0.0.1:16443', user: { token: 'abc' } } });
    const { cluster, host } = await mint();
    expect(cluster?.server).toBe(`https://${gateway}:16443`);
    expect(cluster?.['tls-server-name']).toBe('kubernetes.default');
    expect(host).toBe(`${gateway}:16443`);
    await kubeconfig({ kind: { server: 'https://localhost:16443', user: { token: 'abc' } } });
    expect((await mint()).cluster?.['tls-server-name']).toBe('localhost');
  });

  it('holds what the files hold that the kubeconfig names', async () => {
    const file = async (name: string) => {
      const path = join(folder.path, name);
      await writeFile(path, `PEM of ${name}`);
      return path;
    };
    const user = { 'client-certificate': await file('cert'), 'client-key': await file('key') };
    await kubeconfig({ prod: { ...remote, user } });
    const { user: given, says } = await mint();
    const read = (name: string) => Buffer.from(given?.[name] ?? '', 'base64').toString();
    expect(read('client-certificate-data')).toBe('PEM of cert');
    expect(read('client-key-data')).toBe('PEM of key');
    expect(says).toContain('with its client certificate and key');
  });

  it('holds the token that a credential plugin gave here', async () => {
    const plugin = join(folder.path, 'plugin.js');
    const answer = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    };
    await writeFile(plugin, `console.log(${JSON.stringify(JSON.stringify(answer))})`);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [plugin],
      interactiveMode: 'Never',
    };
    await kubeconfig({ prod: { ...remote, user: { exec } } });
    const { user, content } = await mint();
    expect(user).toEqual({ token: 'from-plugin' });
    expect(content).not.toContain('plugin.js');
  });

  it('says what kept the credentials from being had', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: join(folder.path, 'missing'),
    };
    await kubeconfig({ prod: { ...remote, user: { exec } } });
    await expect(mint()).rejects.toThrow(/^The context prod has no credentials: /);
  });
});

describe('Loopback', () => {
  it.each(['localhost', 'LOCALHOST', 'api.localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])(
    'is %s',
    (host) => expect(meansHere(host)).toBe(true),
  );
  it.each(['example.com', '10.0.0.1', 'localhost.example.com', '128.0.0.1', '::2'])(
    'is not %s',
    (host) => expect(meansHere(host)).toBe(false),
  );
});
