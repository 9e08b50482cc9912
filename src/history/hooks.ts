import { readFile, writeFile } from 'node:fs/promises';

import { WarRoomError } from '../base/errors';
import { indexEnvironment } from './blobs';
import type { Git } from './git';

/** Hooks run tests and linters: they get their time, but not for ever. */
const hookDeadlineMs = 10 * 60_000;

/** True where git can run a hook by name (2.36 and later). */
export async function canRunHooks(git: Git): Promise<boolean> {
  const version = /(\d+)\.(\d+)/.exec(await git.text(['--version']));
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  return major > 2 || (major === 2 && minor >= 36);
}

/**
 * Runs a hook as `git commit` would, where there is one.
 * @param index the index file that the hook sees
 * @throws code `hook-failed` with what the hook said
 */
export async function runHook(
  git: Git,
  name: 'pre-commit' | 'prepare-commit-msg' | 'commit-msg' | 'post-commit',
  index: string,
  args: readonly string[] = [],
): Promise<void> {
  const { code, stdout, stderr } = await git.run(
    ['hook', 'run', '--ignore-missing', name, ...(args.length > 0 ? ['--', ...args] : [])],
    {
      env: indexEnvironment(index),
      accept: Array.from({ length: 256 }, (_, status) => status),
      deadlineMs: hookDeadlineMs,
      spoken: true,
    },
  );
  if (code !== 0) throw hookFailure(name, `${stderr}\n${stdout.toString('utf8')}`);
}

/** The error of a hook that said no. */
export function hookFailure(name: string, output: string): WarRoomError {
  const said = output.trim().split('\n').slice(-20).join('\n');
  return new WarRoomError(
    'hook-failed',
    `The ${name} hook refused the commit, so nothing was committed and the proposal is kept: ${said || 'it said nothing'}`,
  );
}

/** Files of the working tree as they were before hooks ran over them. */
export class Snapshot {
  private constructor(private readonly files: ReadonlyMap<string, Buffer>) {}

  /** @param places absolute; what is not there is not restored */
  static async take(places: readonly string[]): Promise<Snapshot> {
    const files = new Map<string, Buffer>();
    for (const place of places) {
      const bytes = await readFile(place).catch(() => undefined);
      if (bytes) files.set(place, bytes);
    }
    return new Snapshot(files);
  }

  /** @returns the files that had changed */
  async restore(): Promise<string[]> {
    const changed: string[] = [];
    for (const [place, bytes] of this.files) {
      const now = await readFile(place).catch(() => undefined);
      if (now?.equals(bytes)) continue;
      await writeFile(place, bytes);
      changed.push(place);
    }
    return changed;
  }
}
