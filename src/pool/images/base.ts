import { WarRoomError, messageOf } from '../../base/errors';
import type { Engine } from '../engine/connect';
import { findImage } from './engineImages';
import type { Target } from './fetchedPackage';
import { machineBase } from './machineBase';
import type { Language, MachineBase } from './machineBase';
import { pullImage } from './pullImage';
import { runToEnd } from './runOnce';

const probeMs = 60_000;
const mebibyte = 1024 * 1024;

/** What servers of one language are put on. */
export interface Base {
  /** `sha256:…` */
  id: string;
  /** The image that was set. */
  setting: string;
  /** Why it is not the image that was set; null when it is. */
  notice: string | null;
  /** What it was made of where it was made of this machine. */
  machine: MachineBase | null;
  facts: BaseFacts;
}

/** What was seen in a base image. */
export interface BaseFacts {
  target: Target;
  /** Path of Node or Python. */
  interpreter: string;
  /** Path of a shell; null where there is none, or `cat`, `mkfifo` or `sleep` is missing. */
  shell: string | null;
  /** True when what Node compiles can be kept; always so with Python. */
  keepsCompiled: boolean;
}

export interface BaseOptions {
  language: Language;
  /** Image that is set for the language. */
  image: string;
  /** Text of the owner label. */
  owner: string;
}

/**
 * The base image of a language: the one that was set, pulled where it is not there, or one made of
 * this machine where it cannot be pulled.
 * @throws code `image-failed` with what to do; `engine-unavailable`, `cancelled`
 */
export async function findBase(
  engine: Engine,
  options: BaseOptions,
  signal: AbortSignal,
  onProgress: (sentence: string) => void,
): Promise<Base> {
  const image = await baseImage(engine, options, signal, onProgress);
  const facts = await probe(engine, image.id, options, signal);
  return { ...image, setting: options.image, facts };
}

async function baseImage(
  engine: Engine,
  { language, image }: BaseOptions,
  signal: AbortSignal,
  onProgress: (sentence: string) => void,
): Promise<Pick<Base, 'id' | 'notice' | 'machine'>> {
  const there = await findImage(engine, image, signal);
  if (there) return { id: there.Id, notice: null, machine: null };
  try {
    onProgress(`Pulling ${image}`);
    await pullImage(engine, image, signal, onProgress);
    const pulled = await findImage(engine, image, signal);
    if (pulled) return { id: pulled.Id, notice: null, machine: null };
    throw new WarRoomError('image-failed', `The image ${image} was pulled and is not there.`);
  } catch (error) {
    if (!WarRoomError.is(error, 'image-failed')) throw error;
    if (engine.facts.arch !== processors[process.arch]) throw error;
    const machine = await machineBase(engine, language, signal).catch((second: unknown) => {
      if (!WarRoomError.is(second, 'image-failed')) throw second;
      throw new WarRoomError('image-failed', `${error.message} ${messageOf(second)}`);
    });
    const notice = `On ${machine.description}, since ${image} could not be pulled.`;
    return { id: machine.id, notice, machine };
  }
}

/** Processors as images name them, by the names of Node. */
const processors: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

const tools = ['sh', 'cat', 'mkfifo', 'sleep'];

/** Programs that tell what they run on, as one line of JSON. */
const questions: Readonly<Record<Language, readonly string[]>> = {
  node: [
    'node',
    '-e',
    `const { accessSync } = require('node:fs');
const find = (name) => process.env.PATH.split(':').map((folder) => folder + '/' + name).find((file) => {
  try { accessSync(file, 1); return true; } catch { return false; }
}) ?? null;
process.report.excludeNetwork = true;
const libcVersion = process.report.getReport().header.glibcVersionRuntime ?? null;
console.log(JSON.stringify({
  target: { cpu: process.arch, libc: libcVersion === null ? 'musl' : 'glibc', libcVersion, version: process.versions.node },
  interpreter: process.execPath,
  shell: ${JSON.stringify(tools)}.every(find) ? find('sh') : null,
  keepsCompiled: typeof require('node:module').flushCompileCache === 'function',
}));`,
  ],
  python: [
    'python3',
    '-c',
    `import json, platform, shutil, sys
libc, version = platform.libc_ver()
cpus = {'x86_64': 'x64', 'aarch64': 'arm64'}
print(json.dumps({
  'target': {'cpu': cpus.get(platform.machine(), platform.machine()), 'libc': 'glibc' if libc == 'glibc' else 'musl', 'libcVersion': version or None, 'version': platform.python_version()},
  'interpreter': sys.executable,
  'shell': shutil.which('sh') if all(map(shutil.which, ${JSON.stringify(tools)})) else None,
  'keepsCompiled': True,
}))`,
  ],
};

/** Runs the base's own interpreter once, to see what it is and what is there beside it. */
async function probe(
  engine: Engine,
  id: string,
  { language, image, owner }: BaseOptions,
  signal: AbortSignal,
): Promise<BaseFacts> {
  const sealed = {
    spec: { name: `base-${language}`, args: [] },
    image: { id, command: questions[language], environment: {} },
    limits: { memoryBytes: 200 * mebibyte, cpus: engine.facts.cpus },
    owner,
  };
  try {
    const { output, errors, status } = await runToEnd(engine, sealed, probeMs, signal);
    if (status !== 0 || output === '') throw new Error(errors || `it ended with status ${status}`);
    return JSON.parse(output) as BaseFacts;
  } catch (error) {
    if (WarRoomError.is(error)) throw error;
    throw new WarRoomError(
      'image-failed',
      `The base image ${image} cannot run ${language === 'node' ? 'Node' : 'Python'} (${messageOf(error).replace(/[.\s]+$/, '')}); choose another one in the settings of the pool.`,
      { cause: error },
    );
  }
}
