import { join } from 'node:path';

import { build as bundle } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';

import { projectRoot } from '../../harness/paths';

const servers = ['stats', 'kubectl', 'logs'] as const;

/** Builds the bundled servers as the product does, into `folder`; gives the folder back. */
export async function buildServers(folder: string): Promise<string> {
  await bundle(serverBundles(folder));
  return folder;
}

/** What dockerode needs only for ssh hosts and image builds, neither of which is done here. */
export const unusedByDockerode: Plugin = {
  name: 'unused-by-dockerode',
  setup(build) {
    build.onResolve(
      { filter: /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/ },
      ({ path }) => ({
        path,
        namespace: 'unused',
      }),
    );
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

function serverBundles(folder: string): BuildOptions {
  return {
    entryPoints: Object.fromEntries(
      servers.map((name) => [name, join(projectRoot, 'src', 'mcp', name, 'server.ts')]),
    ),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    plugins: [unusedByDockerode],
  };
}
