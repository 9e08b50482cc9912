import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

import { projectRoot } from '../harness/paths';

const source = join(projectRoot, 'test', 'editor', 'suite');
const target = join(projectRoot, 'out', 'test', 'editor');

/** Bundles the suite's entry and each of its test files into out/, and gives the entry's path. */
export async function bundleSuite(): Promise<string> {
  await rm(target, { recursive: true, force: true });
  const files = await readdir(source, { recursive: true });
  const tests = files.filter((name) => name.endsWith('.test.ts'));
  await build({
    // The output is flat, so that the entry finds its tests beside itself.
    entryPoints: ['index.ts', ...tests].map((name) => ({
      in: join(source, name),
      out: name.replace(/\.ts$/, '').replaceAll(/[\\/]/g, '.'),
    })),
    outdir: target,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return join(target, 'index.js');
}
