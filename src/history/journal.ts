import type { ScalarEdit } from '../incident/proposal';
import type { Entry } from './blobs';

/** Where bytes for undo are kept, by incident; the store of incidents is one. */
export interface UndoShelf {
  saveUndo(id: string, name: string, bytes: Uint8Array): Promise<void>;
  readUndo(id: string, name: string): Promise<Uint8Array | undefined>;
  removeUndo(id: string): Promise<void>;
}

/**
 * What Accept is about to do and how it was before, written before the first byte is changed: with
 * it Accept can be finished, and taken back, by whoever comes after a crash.
 */
export interface Journal {
  schema: 1;
  by: string;
  at: string;
  /** The branch that was current. */
  branch: string | null;
  values: Readonly<Record<string, string>>;
  /** Whether there is an index to stage in. */
  staged: boolean;
  /** All of it was done once. */
  applied: boolean;
  files: readonly JournalFile[];
  record: readonly JournalRecord[];
  /** What the person should be told. */
  notes: readonly string[];
}

/** One file that is edited. */
export interface JournalFile {
  /** Relative to the root. */
  path: string;
  edits: readonly ScalarEdit[];
  beforeDigest: string;
  afterDigest: string;
  /** Null where nothing is staged. */
  index: { before: Entry | null; after: Entry } | null;
}

/** One file of the incident's folder. */
export interface JournalRecord {
  path: string;
  digest: string;
  after: Entry;
}

const journalName = 'acceptance.json';

/** Undefined when nothing was accepted, or it was taken back. */
export async function readJournal(shelf: UndoShelf, id: string): Promise<Journal | undefined> {
  const bytes = await shelf.readUndo(id, journalName);
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as Journal);
}

export async function writeJournal(shelf: UndoShelf, id: string, journal: Journal): Promise<void> {
  await shelf.saveUndo(id, journalName, Buffer.from(JSON.stringify(journal, null, 2)));
}

/** Names under which the bytes of the n-th file are kept. */
export const blobNames = {
  before: (index: number) => `file-${index}-before`,
  after: (index: number) => `file-${index}-after`,
  /** The index's bytes too, since git forgets a blob that nothing names. */
  indexBefore: (index: number) => `file-${index}-index`,
};
