import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Engine } from '../../src/pool/engine/connect';
import { importImage } from '../../src/pool/images/engineImages';
import { addProgram, layOut } from '../../src/pool/images/machineFiles';
import type { MachineFiles } from '../../src/pool/images/machineFiles';
import { tarOf } from '../../src/pool/images/tarball';
import { temporaryFolder } from './temporary';

/** Programs that tests use in their images, besides Node. */
const programs = ['/bin/sh', '/bin/cat', '/bin/sleep', '/bin/ls'];

/** What an image holds besides Node and a few programs. */
export interface TestImageContent {
  /** For example `war-room-test/servers:1`. */
  tag: string;
  /** Path in the image by path here, of files and folders. */
  files?: Readonly<Record<string, string>>;
}

/** Makes an image from this machine's own Node, without any registry; gives its id. */
export async function importTestImage(
  engine: Engine,
  { tag, files = {} }: TestImageContent,
): Promise<string> {
  await using folder = await temporaryFolder('image');
  const content: MachineFiles = new Map();
  await addProgram(content, '/usr/local/bin/node', process.execPath);
  for (const program of programs) await addProgram(content, program, program);
  for (const [from, to] of Object.entries(files)) content.set(to, from);
  await layOut(content, folder.path);
  await mkdir(join(folder.path, 'tmp'));
  const [repository = '', name = ''] = tag.split(':');
  const named = { repository, tag: name, changes: [] };
  const inTime = AbortSignal.timeout(120_000);
  const image = await importImage(engine, tarOf(folder.path, true), named, inTime);
  return image.Id;
}
