import { join } from 'node:path';

import { build } from 'esbuild';

import { projectRoot } from '../../../harness/paths';
import { unusedByDockerode } from '../../mcp/bundles';

const sources = {
  /** The product's own. */
  reaper: join(projectRoot, 'src', 'pool', 'reaper', 'reaper.ts'),
  sharer: join(__dirname, 'sharer.ts'),
  owner: join(__dirname, 'owner.ts'),
} as const;

/** Bundles scripts that tests start as processes of their own, into `folder`; gives their paths. */
export async function bundleScripts<Name extends keyof typeof sources>(
  folder: string,
  ...names: readonly Name[]
): Promise<Record<Name, string>> {
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, sources[name]])),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    plugins: [unusedByDockerode],
  });
  const paths = names.map((name) => [name, join(folder, `${name}.js`)]);
  return Object.fromEntries(paths) as Record<Name, string>;
}
