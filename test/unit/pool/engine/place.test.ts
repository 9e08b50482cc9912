import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { enginePlaces, usualSockets } from '../../../../src/pool/engine/place';
import type { EngineSurroundings } from '../../../../src/pool/engine/place';
import { temporaryFolder } from '../../../harness/temporary';
import type { TemporaryFolder } from '../../../harness/temporary';

let home: TemporaryFolder;

beforeEach(async () => {
  home = await temporaryFolder('home');
});

afterEach(() => home.remove());

function around(environment: Record<string, string> = {}): EngineSurroundings {
  return { environment, home: home.path, platform: 'linux', uid: 1000 };
}

async function file(path: string, content: string): Promise<void> {
  const whole = join(home.path, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, content);
}

const idOf = (context: string) => createHash('sha256').update(context).digest('hex');

async function context(name: string, docker: object): Promise<void> {
  const meta = JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } });
  await file(`.docker/contexts/meta/${idOf(name)}/meta.json`, meta);
}

describe('the place that DOCKER_HOST names', () => {
  it.for([
    ['unix:///run/x.sock', { socketPath: '/run/x.sock' }],
    ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
    ['tcp://engine.example:2375', { host: 'engine.example', port: 2375, tls: null }],
    ['tcp://engine.example', { host: 'engine.example', port: 2375, tls: null }],
    ['engine.example:9', { host: 'engine.example', port: 9, tls: null }],
    ['http://127.0.0.1:8', { host: '127.0.0.1', port: 8, tls: null }],
    ['tcp://[::1]:7', { host: '::1', port: 7, tls: null }],
  ] as const)('%s', async ([address, connection]) => {
    const { namedBy, places } = await enginePlaces(around({ DOCKER_HOST: address }));
    expect(namedBy).toBe('DOCKER_HOST');
    expect(places).toEqual([{ address, connection }]);
  });

  it('is spoken to over TLS with the files of DOCKER_CERT_PATH', async () => {
    await file('certs/ca.pem', 'the authority');
    await file('certs/cert.pem', 'ours');
    await file('certs/key.pem', 'the key');
    const { places } = await enginePlaces(
      around({
        DOCKER_HOST: 'tcp://engine.example',
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: join(home.path, 'certs'),
      }),
    );
    expect(places[0]?.connection).toEqual({
      host: 'engine.example',
      port: 2376,
      tls: {
        ca: Buffer.from('the authority'),
        cert: Buffer.from('ours'),
        key: Buffer.from('the key'),
        rejectUnauthorized: true,
      },
    });
  });

  it.for(['ssh://sam@far', 'fd://3', 'tcp://:x:'])('%s is not supported', async (address) => {
    await expect(enginePlaces(around({ DOCKER_HOST: address }))).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining(address) as string,
    });
  });
});

describe('the place that a docker context names', () => {
  it('comes after DOCKER_HOST', async () => {
    await file('.docker/config.json', '{"currentContext":"far"}');
    await context('far', { Host: 'unix:///far.sock' });
    const { places } = await enginePlaces(around({ DOCKER_HOST: 'unix:///near.sock' }));
    expect(places.map(({ address }) => address)).toEqual(['unix:///near.sock']);
  });

  it('is chosen in the settings of docker or by DOCKER_CONTEXT', async () => {
    await file('.docker/config.json', '{"currentContext":"far"}');
    await context('far', { Host: 'unix:///far.sock' });
    await context('other', { Host: 'tcp://other.example:1', SkipTLSVerify: true });
    const far = await enginePlaces(around());
    expect(far).toMatchObject({ namedBy: 'the docker context "far"' });
    expect(far.places[0]?.connection).toEqual({ socketPath: '/far.sock' });
    const other = await enginePlaces(around({ DOCKER_CONTEXT: 'other' }));
    expect(other.places[0]?.connection).toMatchObject({ tls: { rejectUnauthorized: false } });
  });

  it('has its own TLS files', async () => {
    await context('safe', { Host: 'tcp://safe.example:2376', SkipTLSVerify: false });
    await file(`.docker/contexts/tls/${idOf('safe')}/docker/ca.pem`, 'the authority');
    const { places } = await enginePlaces(around({ DOCKER_CONTEXT: 'safe' }));
    expect(places[0]?.connection).toMatchObject({
      tls: { ca: Buffer.from('the authority'), rejectUnauthorized: true },
    });
  });

  it('is looked for in DOCKER_CONFIG', async () => {
    await file('elsewhere/config.json', '{"currentContext":"gone"}');
    const places = enginePlaces(around({ DOCKER_CONFIG: join(home.path, 'elsewhere') }));
    await expect(places).rejects.toMatchObject({
      message: expect.stringContaining('context "gone" names no container engine') as string,
    });
  });

  it.for(['{"currentContext":"default"}', '{"currentContext":""}', '{}', 'no JSON'])(
    'is none with the settings %s',
    async (settings) => {
      await file('.docker/config.json', settings);
      await expect(enginePlaces(around())).resolves.toMatchObject({ namedBy: null });
    },
  );
});

describe('the usual places', () => {
  it('are those that are there, in order', async () => {
    await file('run/podman/podman.sock', '');
    await file('run/docker.sock', '');
    await file('.colima/default/docker.sock', '');
    const { places } = await enginePlaces(around({ XDG_RUNTIME_DIR: join(home.path, 'run') }));
    const own = places.filter(({ address }) => address.includes(home.path));
    expect(own.map(({ address }) => address.replace(home.path, ''))).toEqual([
      'unix:///run/docker.sock',
      'unix:///.colima/default/docker.sock',
      'unix:///run/podman/podman.sock',
    ]);
  });

  it('are named pipes on Windows', () => {
    const pipes = usualSockets({ ...around(), platform: 'win32', uid: null });
    expect(pipes).toEqual([
      '//./pipe/docker_engine',
      '//./pipe/dockerDesktopLinuxEngine',
      '//./pipe/podman-machine-default',
    ]);
  });

  it('are of this user where the session has no runtime folder', () => {
    expect(usualSockets(around())).toContain('/run/user/1000/podman/podman.sock');
  });
});
