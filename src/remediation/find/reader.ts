import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { isData } from '../../base/data';
import type { Data } from '../../base/data';
import type { KeyPath } from '../yaml/keyPath';
import { at } from './data';
import type { Layer } from './layer';
import type { FileIndex } from './walk';

/** Larger files are no manifests that a person keeps. */
const maximumBytes = 1024 * 1024;

/** Reads the files of one index: each once, never one that is not in it, none after the time is up. */
export class Reader {
  /** Files that count and cannot be read, with the reason in words. */
  readonly unreadable = new Map<string, string>();
  private readonly known: ReadonlySet<string>;
  private readonly documents = new Map<string, Promise<readonly unknown[]>>();

  /** @param inTime false once the search must end */
  constructor(
    readonly index: FileIndex,
    readonly inTime: () => boolean,
  ) {
    this.known = new Set(index.files);
  }

  has(path: string): boolean {
    return this.known.has(path);
  }

  /** The text of a file; empty where there is none to read. */
  text(path: string): Promise<string> {
    if (!this.known.has(path) || !this.inTime()) return Promise.resolve('');
    try {
      const file = join(this.index.root, path);
      // Of thousands of small files this takes a tenth of the time; who reads them pauses in between.
      const text = statSync(file).size > maximumBytes ? '' : readFileSync(file, 'utf8');
      return Promise.resolve(text);
    } catch {
      this.unreadable.set(path, 'it cannot be opened');
      return Promise.resolve('');
    }
  }

  /**
   * The parsed documents of a file, aliases and merge keys resolved; none where it cannot be read,
   * which is then told in `unreadable`.
   */
  async parse(path: string): Promise<readonly unknown[]> {
    const documents = this.documents.get(path) ?? this.readDocuments(path);
    this.documents.set(path, documents);
    return await documents;
  }

  /** The first document of a file, if it is a mapping; else an empty one. */
  async parseFirst(path: string): Promise<Data> {
    const [first] = await this.parse(path);
    return isData(first) ? first : {};
  }

  /** What a layer sets, by where it counts. */
  async valuesOf(layer: Layer): Promise<readonly { at: KeyPath; value: unknown }[]> {
    const document = (await this.parse(layer.path))[layer.document ?? 0];
    return layer.mounts.map((mount) => ({ at: mount.at, value: inside(document, mount.path) }));
  }

  private async readDocuments(path: string): Promise<readonly unknown[]> {
    const text = await this.text(path);
    if (!this.inTime()) return [];
    try {
      return documentsOf(text);
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : undefined;
      this.unreadable.set(path, (why ?? 'it is no YAML').replace(/:$/, ''));
      return [];
    }
  }
}

/** @throws an error of any kind when the text is no YAML */
export function documentsOf(text: string): readonly unknown[] {
  const parsed = parseAllDocuments(text, { merge: true, uniqueKeys: false, logLevel: 'silent' });
  return [...parsed].map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS({ maxAliasCount: 1000 }) as unknown;
  });
}

/** What stands at a path that may go on inside strings that hold YAML themselves. */
function inside(value: unknown, path: KeyPath): unknown {
  let here = value;
  for (const part of path) {
    if (typeof here === 'string') here = firstOf(here);
    here = at(here, part);
  }
  return typeof here === 'string' ? firstOf(here) : here;
}

function firstOf(text: string): unknown {
  try {
    return documentsOf(text)[0];
  } catch {
    return undefined;
  }
}

/** `file` as seen from `folder`, or null when it lies outside of the root. */
export function pathFrom(folder: string, file: string): string | null {
  const path = posix.normalize(file.startsWith('/') ? file.slice(1) : posix.join(folder, file));
  const clean = path.replace(/\/$/, '');
  if (clean === '..' || clean.startsWith('../')) return null;
  return clean === '.' ? '' : clean;
}

/** The folder of a file; empty for the root. */
export function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}
