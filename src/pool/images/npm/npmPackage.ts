import { createHash } from 'node:crypto';
import { access, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import Arborist from '@npmcli/arborist';
import pacote from 'pacote';

import { WarRoomError } from '../../../base/errors';
import { hasCode } from '../../../base/privateFiles';
import { npmOptions } from '../../../npm/npmOptions';
import type { NpmOptions } from '../../../npm/npmOptions';
import { needsBuild, needsBuildSentence } from '../needsBuild';
import type { PackageManifest, TreePackage } from '../needsBuild';
import type { FetchedPackage, PackageEntry, PackageFacts, Target } from '../fetchedPackage';
import type { NpmProgram } from './protocol';

/** The shape of a node that the types of arborist leave out. */
interface TreeNode extends Arborist.Node {
  /** Left out, since it does not fit the target. */
  inert?: boolean;
}

/**
 * A package of npm with all that it depends on, resolved for the target as npm would for a machine
 * of that kind. No script of any package is run, and nothing is taken from outside the registries.
 */
export class NpmPackage {
  private constructor(
    private readonly program: NpmProgram,
    private readonly arborist: Arborist,
    private readonly tree: TreeNode,
    readonly facts: PackageFacts,
  ) {}

  /** @param folder an empty folder, in which the package is put by {@link fetch} */
  static async resolve(program: NpmProgram, target: Target, folder: string): Promise<NpmPackage> {
    const options = await npmOptions();
    const { package: name, version } = program;
    await writeFile(
      path.join(folder, 'package.json'),
      JSON.stringify({ name: 'server', version: '0.0.0', dependencies: { [name]: version } }),
    );
    const { arborist, tree } = await idealTree(options, target, folder);
    const root = rootPackage(tree, name);
    const manifest = await pacote.manifest(`${name}@${root.version}`, {
      ...options,
      fullMetadata: true,
    });
    return new NpmPackage(program, arborist, tree, {
      package: name,
      version: root.version,
      integrity: program.integrity ?? root.integrity,
      publisher: publisherOf(manifest),
      packages: packagesOf(tree).length,
      needsBuild: needsBuild(packagesOf(tree).map(treePackage)),
    });
  }

  /**
   * Puts the packages into `dependencies` and the server's own into `package`, so that versions of
   * a server share a layer. Their content is checked against their integrity.
   */
  async fetch(): Promise<FetchedPackage> {
    const { package: name } = this.program;
    const root = rootPackage(this.tree, name);
    const integrity = this.facts.integrity ?? (await this.measuredIntegrity(root));
    // What the content is checked against: what was pinned, and not what the registry says today.
    root.integrity = integrity;
    const folder = this.arborist.path;
    await this.arborist.reify({ save: false, omit: ['dev'] });
    const built = await this.builtByGyp();
    const scripts = [...this.facts.needsBuild, ...built];
    if (scripts.length > 0) throw failed(needsBuildSentence(name, scripts));
    const entry = await entryOf(root, this.program, folder);
    await takeApart(folder, name);
    return { ...this.facts, integrity, treeHash: this.hash(), entry };
  }

  /** Registries that tell no integrity are taken at the word of what they deliver first. */
  private async measuredIntegrity(root: TreeNode): Promise<string> {
    const { integrity } = await pacote.tarball(`${this.program.package}@${root.version}`, {
      ...(this.arborist.options as NpmOptions),
    });
    return String(integrity);
  }

  /** npm compiles a package with a `binding.gyp`, also when no manifest says so. */
  private async builtByGyp(): Promise<string[]> {
    const required = packagesOf(this.tree).filter((each) => !each.optional);
    const found = await Promise.all(
      required.map(async (each) => {
        const { gypfile } = each.package as { gypfile?: boolean };
        const isBuilt = gypfile !== false && (await isThere(path.join(each.path, 'binding.gyp')));
        return isBuilt && !this.facts.needsBuild.includes(each.packageName)
          ? [each.packageName]
          : [];
      }),
    );
    return found.flat();
  }

  private hash(): string {
    const lines = packagesOf(this.tree).map((each) => `${each.pkgid} ${each.integrity ?? ''}\n`);
    return createHash('sha256').update(lines.sort().join('')).digest('hex');
  }
}

async function idealTree(
  options: NpmOptions,
  target: Target,
  folder: string,
): Promise<{ arborist: Arborist; tree: TreeNode }> {
  const { cpu, libc, version } = target;
  const ours = {
    path: folder,
    ignoreScripts: true,
    audit: false,
    fund: false,
    progress: false,
    save: false,
    packageLock: false,
    omit: ['dev'],
    include: [],
    installStrategy: 'hoisted',
    dryRun: false,
    packageLockOnly: false,
    workspacesEnabled: false,
    nodeVersion: version,
    ...{ os: 'linux', cpu, libc },
    // Only what a registry holds has an integrity.
    ...{ allowGit: 'none', allowRemote: 'none', allowFile: 'none', allowDirectory: 'none' },
  };
  const attempt = async (force: boolean) => {
    const arborist = new Arborist({ ...options, ...ours, force });
    return { arborist, tree: (await arborist.buildIdealTree()) as TreeNode };
  };
  try {
    return await attempt(false);
  } catch (error) {
    // What a package requires of a system is compared with this machine, and not with the target.
    if (hasCode(error, 'EBADPLATFORM')) return await attempt(true);
    throw error;
  }
}

function packagesOf(tree: TreeNode): TreeNode[] {
  const all = [...tree.inventory.values()] as TreeNode[];
  return all.filter((each) => !each.isRoot && each.inert !== true);
}

function rootPackage(tree: TreeNode, name: string): TreeNode {
  const found = tree.children.get(name);
  if (found) return found;
  throw failed(`npm found no package ${name}; check its name.`);
}

function treePackage(each: TreeNode): TreePackage {
  const { scripts, gypfile } = each.package as PackageManifest;
  return {
    name: each.packageName,
    isOptional: each.optional,
    hasInstallScript: each.hasInstallScript,
    scripts,
    gypfile,
  };
}

function publisherOf(manifest: object): string | null {
  const { _npmUser: user } = manifest as { _npmUser?: { name?: unknown } };
  return typeof user?.name === 'string' ? user.name : null;
}

/** The command that is meant, as `npx` chooses it. */
async function entryOf(
  root: TreeNode,
  { package: name, bin }: NpmProgram,
  folder: string,
): Promise<PackageEntry> {
  const commands = new Map(Object.entries((root.package.bin ?? {}) as Record<string, string>));
  const only = commands.size === 1 ? [...commands.keys()][0] : undefined;
  const wanted = bin ?? only ?? name.replace(/^@[^/]*\//, '');
  const relative = commands.get(wanted);
  if (relative === undefined) {
    const there = [...commands.keys()].join(', ') || 'none';
    throw failed(`${name} has no command ${wanted} (it has: ${there}); name another one.`);
  }
  const file = path.join(root.path, relative);
  if (!file.startsWith(root.path + path.sep)) {
    throw failed(`${name} names a command outside of itself, so it was not taken.`);
  }
  const place = path.relative(folder, file).split(path.sep).join('/');
  const options = nodeOptions(await firstLine(file));
  return options === null
    ? { kind: 'program', file: place }
    : { kind: 'node', options, file: place };
}

/** Options of Node in the first line of a script; null when it is none of Node's. */
export function nodeOptions(line: string): readonly string[] | null {
  const words = /^#!\s*(.*)$/.exec(line)?.[1]?.trim().split(/\s+/) ?? null;
  if (words === null) return line.startsWith('\u007fELF') ? null : [];
  const at = words.findIndex((word) => /(^|\/)node$/.test(word));
  return at < 0 ? null : words.slice(at + 1);
}

async function firstLine(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.toString('latin1', 0, bytesRead).split(/\r?\n/, 1)[0] ?? '';
  } finally {
    await handle.close();
  }
}

/** npm's own notes go, and the server's own package moves out of its dependencies. */
async function takeApart(folder: string, name: string): Promise<void> {
  const modules = path.join(folder, 'node_modules');
  const own = path.join(folder, 'package', 'node_modules', name);
  await rm(path.join(modules, '.package-lock.json'), { force: true });
  await rm(path.join(folder, 'package.json'), { force: true });
  await mkdir(path.dirname(own), { recursive: true });
  await mkdir(path.join(folder, 'dependencies'));
  await rename(path.join(modules, name), own);
  await rename(modules, path.join(folder, 'dependencies', 'node_modules'));
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

function failed(message: string): WarRoomError {
  return new WarRoomError('image-failed', message);
}
