import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Engine } from '../engine/connect';
import type { ImageInspectInfo } from '../engine/types';
import type { ContainerLimits } from '../runtimes/docker/containerOptions';
import type { ServerSpec } from '../serverSpec';
import type { Base } from './base';
import { buildImage } from './engineImages';
import type { FetchedPackage, PackageEntry } from './fetchedPackage';
import { guarded } from './guard';
import { compiledEnvironment, compiledFolder, prove } from './prove';
import type { Proof } from './prove';
import type { ServerImage } from './serverImage';
import { tarOf } from './tarball';

/** Where a package lies in its image. */
const applicationFolder = '/app';

/** Label with what tells one person's images from another's. */
export const storeLabel = 'war-room.store';

export interface BuildPlan {
  spec: ServerSpec;
  base: Base;
  fetched: FetchedPackage;
  /** Holds `dependencies` and `package`, and is used up. */
  folder: string;
  /** Name and tag of the image. */
  tag: string;
  /** Value of the {@link storeLabel}. */
  store: string;
  /** Text of the owner label. */
  owner: string;
  limits: ContainerLimits;
}

export interface BuiltImage {
  image: ServerImage;
  /** What the server said, or why it did not start. */
  proof: Proof | { failed: string };
}

/**
 * Puts a package that was fetched into an image, runs it once to see whether it starts, and adds
 * what was compiled meanwhile.
 */
export async function buildServerImage(
  engine: Engine,
  plan: BuildPlan,
  signal: AbortSignal,
  tell: (sentence: string) => void,
): Promise<BuiltImage> {
  const { spec, base, fetched, tag, owner, limits } = plan;
  tell(`Building the image of ${fetched.package}`);
  const labels = labelsOf(plan);
  const { Id: id } = await buildPackage(engine, plan, labels, signal);
  const image = serverImage(id, fetched.entry, base);
  tell(`Trying whether ${fetched.package} starts`);
  const flushes = fetched.entry.kind === 'node' && base.facts.keepsCompiled;
  const proof = await prove(engine, { spec, image, limits, owner }, flushes, signal);
  if ('failed' in proof || proof.compiled === null) return { image, proof };
  const folder = path.join(plan.folder, 'compiled');
  await mkdir(folder);
  await writeFile(path.join(folder, 'compiled.tar'), proof.compiled);
  await writeFile(
    path.join(folder, 'Dockerfile'),
    `FROM ${bare(id)}\nADD compiled.tar ${path.posix.dirname(compiledFolder)}/\n`,
  );
  const faster = await buildImage(engine, tarOf(folder), { tag, labels }, signal);
  return { image: { ...image, id: faster.Id }, proof };
}

/** Layers in the order in which they are shared: the base, what the server depends on, the server. */
async function buildPackage(
  engine: Engine,
  { base, folder, tag, store }: BuildPlan,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ImageInspectInfo> {
  const own = path.join(folder, 'own');
  await mkdir(own);
  await rename(path.join(folder, 'package'), path.join(own, applicationFolder));
  const compiled = path.join(own, compiledFolder);
  await mkdir(compiled, { recursive: true });
  await chmod(compiled, 0o777);
  await writeFile(
    path.join(folder, 'Dockerfile'),
    [
      `FROM ${bare(base.id)}`,
      // First, so that also what a failed build leaves is known to be ours.
      `LABEL ${storeLabel}=${store}`,
      `COPY dependencies ${applicationFolder}/`,
      'COPY own /',
      'ENTRYPOINT []',
      '',
    ].join('\n'),
  );
  return await buildImage(engine, tarOf(folder), { tag, labels }, signal);
}

function labelsOf({ fetched, base }: BuildPlan): Readonly<Record<string, string>> {
  return {
    'war-room.package': fetched.package,
    'war-room.version': fetched.version,
    'war-room.integrity': fetched.integrity,
    'war-room.tree': fetched.treeHash,
    'war-room.guarded': String(base.facts.shell !== null),
  };
}

/** How a package is started in its image. */
function serverImage(id: string, entry: PackageEntry, { facts, notice }: Base): ServerImage {
  const command = commandOf(entry, facts.interpreter);
  const keeps = facts.keepsCompiled && entry.kind !== 'program';
  return {
    id,
    command: facts.shell === null ? command : guarded(facts.shell, command),
    environment: {
      ...(entry.kind === 'python' ? { PYTHONPATH: applicationFolder, PYTHONSAFEPATH: '1' } : {}),
      ...(keeps ? compiledEnvironment[entry.kind] : {}),
    },
    isGuarded: facts.shell !== null,
    notice:
      [notice, facts.shell === null ? unguardedNotice : null].filter(Boolean).join(' ') || null,
  };
}

const unguardedNotice =
  'Its base image has no shell, so nothing ends a server in it that ignores the end of its input.';

function commandOf(entry: PackageEntry, interpreter: string): readonly string[] {
  if (entry.kind === 'program') return [inApplication(entry.file)];
  if (entry.kind === 'node') return [interpreter, ...entry.options, inApplication(entry.file)];
  const start = [
    'import sys',
    `from ${entry.module} import ${entry.function.split('.')[0] ?? ''}`,
    `sys.argv[0] = ${JSON.stringify(entry.name)}`,
    `sys.exit(${entry.function}())`,
  ];
  return [interpreter, '-c', start.join('; ')];
}

function inApplication(file: string): string {
  return path.posix.join(applicationFolder, file);
}

/** Engines take an id as the name of an image only without its prefix. */
function bare(id: string): string {
  return id.replace(/^sha256:/, '');
}
