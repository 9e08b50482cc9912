import { cp, lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { withDeadline } from '../../base/deadline';
import { WarRoomError } from '../../base/errors';
import type { Values } from './coalesce';
import { runHelm } from './helmProgram';
import type { HelmResult } from './helmProgram';

/** What Helm makes of a chart with the values before and after a change. */
export type Rendering =
  | {
      kind: 'rendered';
      before: string;
      beforeAgain: string;
      after: string;
      lint: readonly string[];
    }
  /** It cannot be rendered as it is now. */
  | { kind: 'not-rendered'; why: string }
  /** It could be rendered before and cannot be afterwards. */
  | { kind: 'broken'; why: string };

/** What is rendered. */
export interface RenderRequest {
  /** Path of the program. */
  helm: string;
  /** Folder of the chart, absolute. */
  chart: string;
  /** Values under the changed ones, lowest first. */
  lower: readonly Values[];
  before: Values;
  after: Values;
  release: string;
  namespace: string;
}

/** A chart with more or larger files is not copied. */
const limits = { files: 2_000, bytes: 20 * 1024 * 1024 };

/** All of it together; a plan has 30 s. */
const deadlineMs = 15_000;

/**
 * Lints and renders a copy of a chart with the values before and after, without network and
 * cluster; links in the chart are left out. It is rendered twice before, since templates may make
 * up passwords.
 * @throws code `cancelled`
 */
export async function renderChange(
  request: RenderRequest,
  signal: AbortSignal,
): Promise<Rendering> {
  try {
    return await withDeadline('Rendering the chart', deadlineMs, signal, (ended) =>
      inCopy(request, ended),
    );
  } catch (error) {
    if (!WarRoomError.is(error, 'deadline')) throw error;
    return { kind: 'not-rendered', why: `it took longer than ${deadlineMs / 1000} s` };
  }
}

async function inCopy(request: RenderRequest, signal: AbortSignal): Promise<Rendering> {
  const folder = await mkdtemp(join(tmpdir(), 'war-room-helm-'));
  try {
    if (!(await isSmall(request.chart))) {
      return { kind: 'not-rendered', why: 'the chart is larger than 20 MiB or 2,000 files' };
    }
    const chart = join(folder, 'chart', basename(request.chart) || 'chart');
    await cp(request.chart, chart, {
      recursive: true,
      filter: async (path) => !(await lstat(path)).isSymbolicLink() && basename(path) !== '.git',
    });
    return await renderCopy(request, folder, chart, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function renderCopy(
  { helm, lower, before, after, release, namespace }: RenderRequest,
  folder: string,
  chart: string,
  signal: AbortSignal,
): Promise<Rendering> {
  const files: string[] = [];
  for (const [index, values] of lower.entries()) {
    files.push(await valuesFile(folder, `lower-${index}`, values));
  }
  const layersOf = async (name: string, values: Values) =>
    [...files, await valuesFile(folder, name, values)].flatMap((path) => ['--values', path]);
  const [old, now] = [await layersOf('before', before), await layersOf('after', after)];
  const run = (args: readonly string[]) => runHelm(helm, args, folder, signal);
  const template = ['template', release, chart, '--namespace', namespace];
  const runs = [
    [...template, ...old],
    [...template, ...old],
    [...template, ...now],
  ];
  const lints = [old, now].map((layers) => run(['lint', chart, ...layers]));
  // Waited for together: what is rejected while nobody waits for it ends the process.
  const [[first, second, third], linted] = await Promise.all([
    Promise.all(runs.map(run)),
    Promise.all(lints),
  ]);
  const [lintBefore = [], lintAfter = []] = linted.map(complaintsOf);
  if (!first?.ok) return { kind: 'not-rendered', why: shortened(first?.stderr ?? '') };
  if (first.stdout.trim() === '')
    return { kind: 'not-rendered', why: 'its templates are not here' };
  if (!third?.ok) return { kind: 'broken', why: shortened(third?.stderr ?? '') };
  return {
    kind: 'rendered',
    before: first.stdout,
    beforeAgain: second?.ok ? second.stdout : first.stdout,
    after: third.stdout,
    lint: lintAfter.filter((line) => !lintBefore.includes(line)),
  };
}

async function valuesFile(folder: string, name: string, values: Values): Promise<string> {
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify(values), { mode: 0o600 });
  return path;
}

function complaintsOf({ stdout }: HelmResult): string[] {
  return stdout.split('\n').filter((line) => /^\[(?:ERROR|WARNING)\]/.test(line));
}

/** The first line that says something, without the paths of the copy. */
function shortened(stderr: string): string {
  const line = stderr
    .split('\n')
    .map((one) => one.replace(/^Error: /, '').trim())
    .find((one) => one !== '' && !/^(?:walk\.go|level=|coalesce\.go|warning:)/i.test(one));
  const text = (line ?? 'helm said nothing').replace(/\S*war-room-helm-[^\s/]*\/(?:chart\/)?/g, '');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

async function isSmall(folder: string): Promise<boolean> {
  let files = 0;
  let bytes = 0;
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((cause) => {
    throw new WarRoomError('not-found', `${folder} cannot be read.`, { cause });
  });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    bytes += (await lstat(join(entry.parentPath, entry.name))).size;
    if (++files > limits.files || bytes > limits.bytes) return false;
  }
  return true;
}
