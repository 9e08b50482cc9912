import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { WarRoomError, messageOf } from '../base/errors';
import { isMissing } from '../base/privateFiles';
import { parseCategory } from '../incident/category';

/** One labelled case: evidence, and what is right to say of it. */
export interface EvalCase {
  id: string;
  /** A category, or one of {@link quiet}. */
  category: string;
  app: string | null;
  /** The evidence file that a person would select first. */
  log: string | null;
  /** Pieces of the lines that prove it; empty where there is nothing to prove. */
  proof: readonly string[];
  /** What failed, with its version: the source that results are grouped by. */
  program: string;
  /** The louder symptom that hides the cause; null where there is none. */
  hides: string | null;
  /** Held-out cases are never looked at while playbooks are written. */
  split: 'tune' | 'held-out';
  /** The script that recorded it; null where a person added it. */
  script: string | null;
  /** Absolute paths: the log that a person would select first, then the rest by name. */
  files: readonly string[];
}

/** What `case.json` holds; a case of a person's own needs its category only. */
export type CaseFile = Pick<EvalCase, 'category'> & Partial<Omit<EvalCase, 'id' | 'files'>>;

/** Labels that name no incident. */
export const quiet: readonly string[] = ['no-incident', 'insufficient-evidence'];

/** True for a label that an answer can be compared with. */
export function isLabel(category: string): boolean {
  return quiet.includes(category) || parseCategory(category) !== undefined;
}

/** The program without its version. */
export function sourceOf({ program }: Pick<EvalCase, 'program'>): string {
  return program.replace(/[ /]v?\d.*$/, '').toLowerCase();
}

/**
 * Reads the cases of a folder whose id holds `filter`, in the order of their ids;
 * none where there is no such folder.
 * @throws code `unreadable-log` when a case cannot be read
 */
export async function loadCases(root: string, filter = ''): Promise<EvalCase[]> {
  const ids = (await namesIn(root)).filter((id) => id.includes(filter));
  const cases: EvalCase[] = [];
  for (const id of ids) {
    const folder = path.join(root, id);
    const text = await readFile(path.join(folder, 'case.json'), 'utf8').catch(() => null);
    if (text === null) continue;
    cases.push(await described(id, folder, parsed(text, folder)));
  }
  return cases;
}

async function described(id: string, folder: string, file: CaseFile): Promise<EvalCase> {
  const names = await namesIn(path.join(folder, 'evidence'));
  const first = names.filter((name) => name === file.log);
  const rest = names.filter((name) => name !== file.log);
  return {
    app: null,
    log: null,
    proof: [],
    program: id,
    hides: null,
    split: 'held-out',
    script: null,
    ...file,
    id,
    files: [...first, ...rest].map((name) => path.join(folder, 'evidence', name)),
  };
}

function parsed(text: string, folder: string): CaseFile {
  try {
    const value: unknown = JSON.parse(text);
    if (isCaseFile(value)) return value;
    throw new Error('it names no category');
  } catch (error) {
    throw unreadable(`${folder}/case.json`, error);
  }
}

function isCaseFile(value: unknown): value is CaseFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'category' in value &&
    typeof value.category === 'string'
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw unreadable(folder, error);
  }
}

function unreadable(what: string, error: unknown): WarRoomError {
  return new WarRoomError(
    'unreadable-log',
    `The case ${what} could not be read: ${messageOf(error)}. Nothing was judged; mend or remove it.`,
  );
}
