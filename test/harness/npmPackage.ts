import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { testCache } from './paths';
import { runOrThrow } from './process';

/**
 * The folder in which a package of the npm registry is installed with all that it needs, in
 * `node_modules`; installed at the first use and kept.
 */
export async function installedPackage(name: string, version: string): Promise<string> {
  const plain = `${name}-${version}`.replace(/[^\w.-]+/g, '-');
  const folder = join(testCache(), `package-${plain}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  await mkdir(half, { recursive: true });
  await writeFile(join(half, 'package.json'), '{"private":true}');
  const what = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`];
  await runOrThrow('npm', what, { cwd: half, deadlineMs: 180_000 });
  await rename(half, folder).catch(() => rm(half, { recursive: true, force: true }));
  return folder;
}
