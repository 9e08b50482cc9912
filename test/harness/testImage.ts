import { createReadStream } from 'node:fs';
import { cp, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Engine } from '../../src/pool/engine/connect';
import { runCommand, runOrThrow } from './process';
import { temporaryFolder } from './temporary';

/** Programs that tests use in their images, besides Node. */
const programs = ['/bin/sh', '/bin/cat', '/bin/sleep', '/bin/ls', '/usr/bin/id'];

/** What an image holds besides Node and a few programs. */
export interface TestImageContent {
  /** For example `war-room-test/servers:1`. */
  tag: string;
  /** Path in the image by path here, of files and folders. */
  files?: Readonly<Record<string, string>>;
  /** Program and arguments of a container that names none. */
  command?: readonly string[];
}

/** Makes an image from this machine's own Node, without any registry; gives its id. */
export async function importTestImage(
  { client }: Engine,
  { tag, files = {}, command = [] }: TestImageContent,
): Promise<string> {
  await using folder = await temporaryFolder('image');
  const root = join(folder.path, 'root');
  const sources = [process.execPath, ...programs];
  const libraries = (await Promise.all(sources.map(librariesOf))).flat();
  for (const path of new Set([...programs, ...libraries])) await put(root, path, path);
  await put(root, process.execPath, '/usr/local/bin/node');
  for (const [from, to] of Object.entries(files)) await put(root, from, to);
  await mkdir(join(root, 'tmp'), { recursive: true });
  const archive = join(folder.path, 'image.tar');
  await runOrThrow('tar', ['-cf', archive, '-C', root, '.'], { deadlineMs: 60_000 });
  const [repo = '', name = 'latest'] = tag.split(':');
  const changes = command.length > 0 ? [`CMD ${JSON.stringify(command)}`] : [];
  const progress = await client.importImage(createReadStream(archive), {
    repo,
    tag: name,
    changes,
  });
  await new Promise((resolve, reject) => {
    progress.on('end', resolve).on('error', reject).resume();
  });
  return (await client.getImage(tag).inspect()).Id;
}

async function put(root: string, from: string, to: string): Promise<void> {
  const target = join(root, to);
  await mkdir(dirname(target), { recursive: true });
  await cp(await realpath(from), target, { recursive: true });
}

async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await runCommand('ldd', [program], { deadlineMs: 10_000 });
  return [...stdout.matchAll(/(\/\S+)/g)].flatMap(([, path = '']) => path);
}
