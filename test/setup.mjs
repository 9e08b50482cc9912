// What every npm script needs on a fresh clone: the packages of the lock file, and the bundles.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  '..',
);

/** Newest change of a file below `folder`, ms since 1970. */
function newest(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (time, entry) => Math.max(time, statSync(path.join(entry.parentPath, entry.name)).mtimeMs),
      0,
    );
}

/** npm leaves in node_modules a copy of the lock file that it installed. */
function packagesAreInstalled() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) =>
      name === '' || optional || present[name]?.version === version,
  );
}

function bundlesAreBuilt() {
  const built = path.join(root, 'dist', 'meta.json');
  if (!existsSync(built)) return false;
  const sources = Math.max(
    newest(path.join(root, 'src')),
    statSync(path.join(root, 'esbuild.js')).mtimeMs,
  );
  return statSync(built).mtimeMs > sources;
}

function run(what, command, args) {
  process.stderr.write(`${what}…\n`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (!packagesAreInstalled()) run('Installing packages', 'npm', ['ci']);
if (!bundlesAreBuilt()) run('Building', process.execPath, ['esbuild.js', '--production']);
