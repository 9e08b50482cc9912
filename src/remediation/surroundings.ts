import { WarRoomError } from '../base/errors';
import { readInside } from './attempt';
import type { ValuesFile } from './find/valuesFiles';
import type { KnownValues } from './fixes/fix';
import { mountedView } from './mounted';
import { ValuesDocument } from './yaml/valuesDocument';

/** A text of a file in the repository's history. */
export interface FileVersion {
  /** The whole name of the commit that made it. */
  commit: string;
  subject: string;
  /** ISO 8601. */
  at: string;
  bytes: Uint8Array;
}

/** Where earlier texts of a file come from; the composition root hands git in. */
export interface FileHistory {
  /**
   * The texts of a file, newest first, at most 20; none where git does not know it.
   * @param root absolute, in a repository
   * @param path relative to the root, with `/`
   */
  versions(root: string, path: string, signal: AbortSignal): Promise<readonly FileVersion[]>;
}

/** What a fixer may compare a file with. */
export interface Surroundings {
  earlier: readonly KnownValues[];
  others: readonly KnownValues[];
}

export const nothingKnown: Surroundings = { earlier: [], others: [] };

/** Git is asked for so many files at most: the best that were found. */
const mostHistories = 8;

/** Reads what is known around the files of an application, each text once. */
export function surroundingsOf(
  files: readonly ValuesFile[],
  history: FileHistory | undefined,
  signal: AbortSignal,
): (file: ValuesFile) => Promise<Surroundings> {
  const others = new Map<ValuesFile, Promise<KnownValues[]>>();
  const earlier = new Map<string, Promise<KnownValues[]>>();
  const once = <Key>(
    from: Map<Key, Promise<KnownValues[]>>,
    key: Key,
    read: () => Promise<KnownValues[]>,
  ) => {
    const found = from.get(key) ?? read();
    from.set(key, found);
    return found;
  };
  return async (file) => {
    const beside = files.filter((other) => !isSameText(other, file) && other.fit === 'same');
    const known = await Promise.all(
      beside.map((other) =>
        once(others, other, () => parsed(other, other.path, () => readInside(other))),
      ),
    );
    const key = JSON.stringify([file.root, file.path, file.document, file.prefix, file.mounts]);
    const isAsked = earlier.has(key) || earlier.size < mostHistories;
    const before =
      history && isAsked ? await once(earlier, key, () => versionsOf(file, history, signal)) : [];
    return { earlier: before, others: known.flat() };
  };
}

function isSameText(one: ValuesFile, other: ValuesFile): boolean {
  return one.root === other.root && one.path === other.path;
}

async function versionsOf(
  file: ValuesFile,
  history: FileHistory,
  signal: AbortSignal,
): Promise<KnownValues[]> {
  const versions = await history.versions(file.root, file.path, signal).catch((error: unknown) => {
    // Without its history a file can still be read; what stops the run goes on.
    signal.throwIfAborted();
    if (WarRoomError.is(error)) return [];
    throw error;
  });
  const known = versions.map(async ({ commit, subject, at, bytes }) => {
    const where = `${commit.slice(0, 8)} of ${at.slice(0, 10)} "${subject}"`;
    const [values] = await parsed(file, where, () => Promise.resolve(bytes));
    return values ? [{ ...values, commit, subject }] : [];
  });
  return (await Promise.all(known)).flat();
}

/** Text that cannot be read as values is no help and no error. */
async function parsed(
  { prefix, document, mounts }: ValuesFile,
  where: string,
  read: () => Promise<Uint8Array>,
): Promise<KnownValues[]> {
  try {
    const whole = ValuesDocument.parse(await read(), document);
    return [{ where, prefix, document: mounts ? mountedView(whole, mounts) : whole }];
  } catch (error) {
    if (WarRoomError.is(error)) return [];
    throw error;
  }
}
