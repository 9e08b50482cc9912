import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';

import Config from '@npmcli/config';
import { definitions, flatten, shorthands } from '@npmcli/config/lib/definitions';

/**
 * What npm itself would use for this person: registries, credentials, proxy, certificates, cache.
 * npm's own libraries take it as their options. Never to be logged.
 */
export type NpmOptions = Readonly<Record<string, unknown>>;

/**
 * Reads npm's built-in, global and user `.npmrc` and the variables `npm_config_*`. A project's
 * `.npmrc` is left out: servers belong to the person, and a repository must not say where the
 * programs come from that a person runs.
 */
export async function npmOptions(
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): Promise<NpmOptions> {
  const { execPath, npmPath } = await ownNpm(environment);
  const config = new Config({
    definitions,
    flatten,
    shorthands,
    npmPath,
    execPath,
    // npm reads no project's file when it works on what is installed for all.
    argv: [execPath, npmPath, '--location=global'],
    // Loading writes into the environment that it is given.
    env: { ...environment },
  });
  await config.load();
  return { ...(config.flat as NpmOptions), global: false, location: 'user' };
}

/**
 * The Node and npm that the person calls: npm's global settings lie beside its Node, and this
 * process may be the editor's own.
 */
async function ownNpm(
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<{ execPath: string; npmPath: string }> {
  const windows = process.platform === 'win32';
  const execPath = (await onPath(windows ? 'node.exe' : 'node', environment)) ?? process.execPath;
  const folder = path.dirname(execPath);
  if (windows) return { execPath, npmPath: path.join(folder, 'node_modules', 'npm') };
  const npm = await onPath('npm', environment);
  return {
    execPath,
    // `npm` is a link to `npm/bin/npm-cli.js`.
    npmPath:
      npm === undefined
        ? path.join(path.dirname(folder), 'lib', 'node_modules', 'npm')
        : path.dirname(path.dirname(await realpath(npm))),
  };
}

/** The first file of this name in the folders of PATH. */
async function onPath(
  name: string,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<string | undefined> {
  const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(path.delimiter);
  for (const folder of folders.filter((each) => path.isAbsolute(each))) {
    const file = path.join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}
