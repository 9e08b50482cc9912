import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';

import { create } from 'tar';

import { temporaryFolder } from '../../../harness/temporary';

/** A package of the registry: its manifest without name and version, and its files. */
export interface OfferedPackage {
  name: string;
  version: string;
  manifest?: Readonly<Record<string, unknown>>;
  files?: Readonly<Record<string, string>>;
}

interface Stored {
  manifest: Record<string, unknown>;
  tarball: Buffer;
}

/**
 * A registry on loopback that speaks npm's protocol, for what no registry does when it is asked to:
 * deliver something else than it said, ask for a token, never answer.
 */
export class NpmRegistry implements AsyncDisposable {
  /** When set, requests without it are refused. */
  token: string | null = null;
  /** When set, requests are taken and never answered. */
  isSilent = false;
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  private readonly packages = new Map<string, Map<string, Stored>>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<NpmRegistry> {
    const server = createServer((request, response) => registry.answer(request, response));
    const registry = new NpmRegistry(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** @returns the package's integrity */
  async offer({ name, version, manifest = {}, files = {} }: OfferedPackage): Promise<string> {
    const whole = { name, version, ...manifest };
    const tarball = await packed({ 'package.json': JSON.stringify(whole), ...files });
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const file = `${name.replace(/^@[^/]*\//, '')}-${version}.tgz`;
    const dist = { tarball: `${this.address}${name}/-/${file}`, integrity };
    const versions = this.packages.get(name) ?? new Map<string, Stored>();
    versions.set(version, { manifest: { ...whole, dist }, tarball });
    this.packages.set(name, versions);
    return integrity;
  }

  /** Delivers the file of `other` for the package, and goes on saying what it said. */
  swap(name: string, version: string, other: string): void {
    const stored = this.packages.get(name)?.get(version);
    const given = this.packages.get(other)?.get(version);
    if (!stored || !given) throw new Error(`There is no ${name} or no ${other} ${version}.`);
    stored.tarball = given.tarball;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = decodeURIComponent(request.url ?? '/').slice(1);
    this.asked.push(url);
    if (this.isSilent) return;
    if (this.token !== null && request.headers.authorization !== `Bearer ${this.token}`) {
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end('{"error":"unauthorised"}');
      return;
    }
    const [name = '', file] = url.split('/-/');
    const versions = this.packages.get(name);
    const stored = [...(versions?.values() ?? [])];
    if (file !== undefined) {
      const found = stored.find(({ manifest }) =>
        file.endsWith(`-${String(manifest['version'])}.tgz`),
      );
      response.writeHead(found ? 200 : 404).end(found?.tarball);
    } else if (stored.length > 0) {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(packument(name, stored));
    } else {
      response.writeHead(404).end('{"error":"not found"}');
    }
  }
}

function packument(name: string, stored: readonly Stored[]): string {
  const versions = Object.fromEntries(
    stored.map(({ manifest }) => [String(manifest['version']), manifest]),
  );
  const latest = Object.keys(versions).at(-1);
  return JSON.stringify({ name, 'dist-tags': { latest }, versions });
}

async function packed(files: Readonly<Record<string, string>>): Promise<Buffer> {
  await using folder = await temporaryFolder('package');
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder.path, 'package', name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o755 });
  }
  return await buffer(create({ cwd: folder.path, gzip: true, portable: true }, ['package']));
}
