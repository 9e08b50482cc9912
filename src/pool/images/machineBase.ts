import { createHash } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { WarRoomError } from '../../base/errors';
import type { Engine } from '../engine/connect';
import type { ImageInspectInfo } from '../engine/types';
import { findImage, importImage } from './engineImages';
import {
  addLibraries,
  addProgram,
  fingerprint,
  layOut,
  outputOf,
  programPath,
} from './machineFiles';
import type { MachineFiles } from './machineFiles';
import { tarOf } from './tarball';

/** What servers are run by. */
export type Language = 'node' | 'python';

export const machineBaseRepository = 'war-room-base';

/** What the guard, and the scripts of packages, cannot do without. */
const tools = ['sh', 'cat', 'mkfifo', 'sleep', 'rm', 'env'];
/** Where the C library looks for who answers for a host's name; it opens these by itself. */
const nameLibraries = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'];
/** What compiled parts of packages may count on, as Python's manylinux standard has it. */
const compiledLibraries = [
  ...['libgcc_s.so.1', 'libstdc++.so.6', 'libm.so.6', 'libdl.so.2', 'librt.so.1'],
  ...['libpthread.so.0', 'libutil.so.1', 'libz.so.1', 'libexpat.so.1'],
];
const certificates = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const certificatesPlace = '/etc/ssl/certs/ca-certificates.crt';
/** Parts of Python that no server uses, and packages of this machine, which are not the server's. */
const leftOut =
  /^(site-packages|dist-packages|__pycache__|test|idlelib|tkinter|turtledemo|ensurepip|lib2to3|config-.*)$/;

const texts: Readonly<Record<string, string>> = {
  '/etc/passwd': 'root:x:0:0:root:/:/bin/sh\nnonroot:x:65532:65532:nonroot:/tmp:/bin/sh\n',
  '/etc/group': 'root:x:0:\nnonroot:x:65532:\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};

/** A base image made of what this machine has. */
export interface MachineBase {
  id: string;
  language: Language;
  /** Path of the Node or Python that it was made of: an editor's own is another than the person's. */
  program: string;
  /** Its tag, which is another one when one of its files has changed. */
  tag: string;
  bytes: number;
  /** For a person: "this machine's own Node 20.20.2". */
  description: string;
}

/** What a base image would be made of today. */
interface Machine {
  language: Language;
  program: string;
  tag: string;
  description: string;
  files: MachineFiles;
}

/**
 * Gives an engine a base image of this machine's own Node or Python, with the libraries and the
 * few programs that a server needs.
 * @param engine on Linux, with processors as this machine's
 * @throws code `image-failed` where there is nothing to make it of; `engine-unavailable`
 */
export async function machineBase(
  engine: Engine,
  language: Language,
  signal: AbortSignal,
): Promise<MachineBase> {
  const machine = await look(language, null);
  const { program, tag, description } = machine;
  const found =
    (await findImage(engine, `${machineBaseRepository}:${tag}`, signal)) ??
    (await importMachine(engine, machine, signal));
  return { id: found.Id, language, program, tag, bytes: found.Size, description };
}

/** False once one of the files has changed that a base was made of; what is gone has not changed. */
export async function isUpToDate({ language, program, tag }: MachineBase): Promise<boolean> {
  return await look(language, program).then(
    (today) => today.tag === tag,
    () => true,
  );
}

/** @param called the Node or Python to take; null: the one that runs this process or is called */
async function look(language: Language, called: string | null): Promise<Machine> {
  if (process.platform !== 'linux') {
    throw new WarRoomError(
      'image-failed',
      'A base image can only be made of this machine where it runs Linux itself.',
    );
  }
  const { program, files, version } = await (language === 'node'
    ? ownNode(called)
    : ownPython(called));
  for (const name of tools) {
    const tool = await programPath(name);
    if (tool !== undefined) await addProgram(files, `/bin/${name}`, tool);
  }
  await addResources(files);
  const hash = createHash('sha256').update(await fingerprint(files));
  return {
    language,
    program,
    tag: `${language}-${hash.digest('hex').slice(0, 12)}`,
    description: `this machine's own ${language === 'node' ? 'Node' : 'Python'} ${version}`,
    files,
  };
}

interface Own {
  program: string;
  files: MachineFiles;
  version: string;
}

/** The Node that the person calls where this process is the editor's own. */
async function ownNode(named: string | null): Promise<Own> {
  const own = process.versions['electron'] === undefined ? process.execPath : 'node';
  const called = named ?? own;
  const files: MachineFiles = new Map();
  const question = 'process.execPath + " " + process.versions.node';
  const [program = '', version = ''] = (await asked(called, ['-p', question], 'Node')).split(' ');
  await addProgram(files, '/usr/local/bin/node', program);
  return { program, files, version };
}

/** Python keeps its place: it finds its library relative to itself. */
async function ownPython(named: string | null): Promise<Own> {
  const question = [
    'import json, os, platform, sys, sysconfig',
    'base = getattr(sys, "_base_executable", sys.executable)',
    'libraries = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]',
    'print(json.dumps([os.path.realpath(base), platform.python_version(), libraries]))',
  ].join('\n');
  const answer = await asked(named ?? 'python3', ['-c', question], 'Python');
  const [program, version, libraries] = JSON.parse(answer) as [string, string, string[]];
  const files: MachineFiles = new Map();
  await addProgram(files, program, program);
  files.set('/usr/local/bin/python3', program);
  for (const folder of new Set(libraries)) await addFolder(files, folder);
  return { program, files, version };
}

async function asked(program: string, args: readonly string[], what: string): Promise<string> {
  try {
    return await outputOf(program, args);
  } catch (error) {
    throw new WarRoomError(
      'image-failed',
      `This machine has no ${what} of its own to make a base image of.`,
      { cause: error },
    );
  }
}

async function addFolder(files: MachineFiles, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (leftOut.test(entry.name)) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await addFolder(files, file);
    else files.set(file, await realpath(file));
    if (/\.so(\.|$)/.test(entry.name)) await addLibraries(files, file);
  }
}

async function addResources(files: MachineFiles): Promise<void> {
  const folders = [...files.keys()]
    .filter((place) => /\/libc\.so\.6$/.test(place))
    .map((place) => path.dirname(place));
  for (const folder of folders) {
    for (const name of [...nameLibraries, ...compiledLibraries]) {
      // Where /lib is not /usr/lib, only what a machine boots with is in it.
      const places = [path.join(folder, name), path.join('/usr', folder, name)];
      if (places.some((place) => files.has(place))) continue;
      const library = await firstThere(places);
      if (library !== undefined) files.set(library, await realpath(library));
    }
  }
  for (const bundle of certificates) {
    if (!files.has(certificatesPlace) && (await isThere(bundle))) {
      files.set(certificatesPlace, await realpath(bundle));
    }
  }
}

async function importMachine(
  engine: Engine,
  { language, tag, files }: Machine,
  signal: AbortSignal,
): Promise<ImageInspectInfo> {
  const folder = await mkdtemp(path.join(tmpdir(), 'war-room-base-'));
  try {
    await layOut(files, folder);
    for (const [place, text] of Object.entries(texts)) {
      await mkdir(path.dirname(path.join(folder, place)), { recursive: true });
      await writeFile(path.join(folder, place), text);
    }
    await mkdir(path.join(folder, 'tmp'));
    await chmod(path.join(folder, 'tmp'), 0o777);
    const changes = [
      'ENV PATH=/usr/local/bin:/usr/bin:/bin',
      ...(files.has(certificatesPlace) ? [`ENV SSL_CERT_FILE=${certificatesPlace}`] : []),
      'USER 65532:65532',
      `LABEL war-room.base=${language}`,
    ];
    const names = { repository: machineBaseRepository, tag, changes };
    return await importImage(engine, tarOf(folder, true), names, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function firstThere(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) if (await isThere(place)) return place;
  return undefined;
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
