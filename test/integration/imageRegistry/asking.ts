import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { silentLog } from '../../../src/base/log';
import { tagLists } from '../../../src/imageRegistry/tagLists';
import type { TagListOptions } from '../../../src/imageRegistry/tagLists';
import type { TagAnswer } from '../../../src/remediation/imageTags';
import { temporaryFolder } from '../../harness/temporary';

/** A person's docker settings, and programs that they name. */
export interface DockerSettings {
  config?: unknown;
  /** Shell scripts by name, on the PATH. */
  programs?: Readonly<Record<string, string>>;
}

/** Asks a registry for the tags of an image, as somebody with these docker settings. */
export async function tagsOf(
  registry: string,
  name: string,
  docker: DockerSettings = {},
  options: Partial<TagListOptions> & { signal?: AbortSignal } = {},
): Promise<TagAnswer> {
  await using folder = await temporaryFolder('home');
  const home = folder.path;
  await mkdir(join(home, '.docker'));
  if (docker.config !== undefined) {
    await writeFile(join(home, '.docker', 'config.json'), JSON.stringify(docker.config));
  }
  for (const [program, script] of Object.entries(docker.programs ?? {})) {
    await writeFile(join(home, program), `#!/bin/sh\n${script}\n`);
    await chmod(join(home, program), 0o755);
  }
  const environment = { PATH: `${home}:${process.env['PATH'] ?? ''}` };
  const { signal = new AbortController().signal, ...more } = options;
  const asked = tagLists({ environment, home, log: silentLog, ...more });
  return await asked.tagsOf({ registry, name }, signal);
}

/** The settings after `docker login` in a file. */
export function keptLogin(registry: string, user: string, password: string): DockerSettings {
  const auth = Buffer.from(`${user}:${password}`).toString('base64');
  return { config: { auths: { [registry]: { auth } } } };
}
