import { createHash } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

import { login } from '../../harness/login';
import { endGroup, runCommand, runOrThrow, spawnGroup } from '../../harness/process';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';

/** Why there is no registry to start, or null. */
export async function missingRegistry(): Promise<string | null> {
  const tried = runCommand('docker-registry', ['--version'], { deadlineMs: 10_000 });
  const { code } = await tried.catch(() => ({ code: 1 }));
  return code === 0 ? null : 'docker-registry is not in the PATH';
}

/** Whom the registry lets in: those with {@link login}, or with a token of a server of ours. */
export type Door =
  | { kind: 'password' }
  /** @param certificate PEM file of who signs the tokens */
  | { kind: 'token'; realm: string; certificate: string };

/** A real registry (CNCF Distribution) on this machine's loopback, with images that were pushed to it. */
export class RealRegistry implements AsyncDisposable {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: TemporaryFolder,
    /** Host and port, as in an image's name. */
    readonly address: string,
  ) {}

  /** @param images tags by the image's name */
  static async start(
    images: Readonly<Record<string, readonly string[]>>,
    door?: Door,
  ): Promise<RealRegistry> {
    const address = `127.0.0.1:${await freePort('127.0.0.1')}`;
    const made = new RealRegistry(await temporaryFolder('registry'), address);
    await made.open();
    for (const [name, tags] of Object.entries(images)) {
      for (const tag of tags) await made.push(name, tag);
    }
    if (door) await made.open(door);
    return made;
  }

  /** Starts it, again if it runs, with another door. */
  async open(door?: Door): Promise<void> {
    await this.goAway();
    const config = join(this.folder.path, 'config.yml');
    // JSON is YAML too.
    await writeFile(config, JSON.stringify(await this.configuration(door)));
    this.child = spawnGroup('docker-registry', ['serve', config], { stdio: 'ignore' });
    await waitFor('the registry to answer', async () => {
      const { status } = await fetch(`http://${this.address}/v2/`);
      return status === (door ? 401 : 200);
    });
  }

  /**
   * Starts it again at an address of this machine that is not its loopback, over TLS.
   * @returns where, and the PEM file of the authority that vouches for it
   */
  async openOverTls(host: string): Promise<{ address: string; authority: string }> {
    await this.goAway();
    const address = `${host}:${await freePort(host)}`;
    const path = (name: string) => join(this.folder.path, name);
    const [key, certificate] = [path('key.pem'), path('certificate.pem')];
    const names = ['-subj', '/CN=registry', '-addext', `subjectAltName=IP:${host}`];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...names];
    await runOrThrow('openssl', [...request, '-keyout', key, '-out', certificate], {
      deadlineMs: 60_000,
    });
    const configuration = await this.configuration(undefined);
    const http = { addr: address, tls: { key, certificate } };
    await writeFile(path('config.yml'), JSON.stringify({ ...configuration, http }));
    const serve = ['serve', path('config.yml')];
    this.child = spawnGroup('docker-registry', serve, { stdio: 'ignore' });
    await waitFor('the registry to listen', () => listens(address));
    return { address, authority: certificate };
  }

  async goAway(): Promise<void> {
    if (this.child) await endGroup(this.child);
    this.child = undefined;
  }

  /** Pushes an image without layers, as any client would; only while there is no door. */
  async push(name: string, tag: string): Promise<void> {
    const base = `http://${this.address}/v2/${name}`;
    const config = Buffer.from('{"architecture":"amd64","os":"linux"}');
    const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
    const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
    const upload = new URL(begun.headers.get('location') ?? '', base);
    upload.searchParams.set('digest', digest);
    await accepted(fetch(upload, { method: 'PUT', body: config }));
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = {
      schemaVersion: 2,
      mediaType,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        size: config.length,
        digest,
      },
      layers: [],
    };
    await accepted(
      fetch(`${base}/manifests/${tag}`, {
        method: 'PUT',
        headers: { 'content-type': mediaType },
        body: JSON.stringify(manifest),
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway();
    await this.folder.remove();
  }

  private async configuration(door: Door | undefined) {
    return {
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(this.folder.path, 'data') } },
      http: { addr: this.address },
      ...(door ? { auth: await this.lock(door) } : {}),
    };
  }

  private async lock(door: Door) {
    if (door.kind === 'token') {
      const { realm, certificate } = door;
      return {
        token: { realm, service: 'registry', issuer: 'tokens', rootcertbundle: certificate },
      };
    }
    const file = join(this.folder.path, 'htpasswd');
    await writeFile(file, `${login.user}:${login.hash}\n`);
    return { htpasswd: { realm: 'images', path: file } };
  }
}

async function accepted(sent: Promise<Response>): Promise<void> {
  const response = await sent;
  if (!response.ok) throw new Error(`The registry answered ${response.status}.`);
}

/** An IPv4 address of this machine that may be asked and is not its loopback; undefined where it has none. */
export function outerAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outer = all.filter(({ family, internal }) => family === 'IPv4' && !internal);
  return outer.find(({ address }) => !address.startsWith('169.254.'))?.address;
}

async function listens(address: string): Promise<boolean> {
  const { hostname: host, port } = new URL(`tcp://${address}`);
  return await new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
