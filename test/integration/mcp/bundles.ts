import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';

import { projectRoot } from '../../harness/paths';

const servers = ['stats', 'kubectl', 'logs'] as const;

/** Builds the bundled servers as the product does, into `folder`; gives the folder back. */
export async function buildServers(folder: string): Promise<string> {
  await build(serverBundles(folder));
  return folder;
}

/** What of dockerode is never used (ssh hosts, BuildKit sessions) is replaced by an empty module. */
export function serverBundles(folder: string): BuildOptions {
  const empty = join(projectRoot, 'src', 'mcp', 'logs', 'unused.ts');
  return {
    entryPoints: Object.fromEntries(
      servers
        .map((name) => [name, join(projectRoot, 'src', 'mcp', name, 'server.ts')] as const)
        .filter(([, file]) => existsSync(file)),
    ),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['cpu-features', '*.node'],
    alias: { ssh2: empty, '@grpc/grpc-js': empty, '@grpc/proto-loader': empty },
    logLevel: 'error',
  };
}
