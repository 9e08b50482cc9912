import { execFile } from 'node:child_process';
import { access, constants, mkdir, realpath, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { hasCode } from '../../base/privateFiles';

const run = promisify(execFile);
const commandMs = 10_000;

/** Where a file of this machine is put in an image, by its path there. */
export type MachineFiles = Map<string, string>;

/** Adds a program under `place`, and the shared libraries that it is linked to, where they are here. */
export async function addProgram(
  files: MachineFiles,
  place: string,
  program: string,
): Promise<void> {
  files.set(place, await realpath(program));
  await addLibraries(files, program);
}

/** Adds the shared libraries of a program or library. */
export async function addLibraries(files: MachineFiles, linked: string): Promise<void> {
  for (const library of await librariesOf(linked)) files.set(library, await realpath(library));
}

/** Absolute paths of the libraries and of the loader; none for a program that is linked to nothing. */
async function librariesOf(linked: string): Promise<readonly string[]> {
  const listed = await run('ldd', [linked], { timeout: commandMs }).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) throw error;
    return { stdout: '' };
  });
  return listed.stdout.split('\n').flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}

/** Path of a program of this machine; undefined when PATH has none. */
export async function programPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    if (path.isAbsolute(folder) && (await isExecutable(file))) return file;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** What a program of this machine writes on its standard output. */
export async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, [...args], { timeout: commandMs });
  return stdout.trim();
}

/** Lays links to the files into a folder as an image is to have them. */
export async function layOut(files: MachineFiles, folder: string): Promise<void> {
  for (const [place, file] of files) {
    const at = path.join(folder, place);
    await mkdir(path.dirname(at), { recursive: true });
    await symlink(file, at);
  }
}

/** Tells the same files from changed ones: places, sizes and times. */
export async function fingerprint(files: MachineFiles): Promise<string> {
  const lines = await Promise.all(
    [...files].map(async ([place, file]) => {
      const { size, mtimeMs } = await stat(file);
      return `${place} ${size} ${Math.round(mtimeMs)}\n`;
    }),
  );
  return lines.sort().join('');
}
