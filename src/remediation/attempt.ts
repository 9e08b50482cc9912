import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';

import { WarRoomError } from '../base/errors';
import type { Facts } from '../incident/analysis';
import { fileChange } from './change';
import type { ValuesFile } from './find/valuesFiles';
import { leadsOut } from './find/walk';
import { additionWarnings } from './fixes/edits';
import { entryNameOf, requireNotWeaker } from './fixes/weaker';
import { refusalCodes } from './fixes/fix';
import type { Fix, Fixer } from './fixes/fix';
import type { AskTags } from './imageTags';
import { editsInFile, mountedView } from './mounted';
import { noTemplates, traceTemplates } from './templateTrace';
import type { TemplateTrace } from './templateTrace';
import type { Surroundings } from './surroundings';
import type { KeyPath } from './yaml/keyPath';
import { ValuesDocument } from './yaml/valuesDocument';

/** What a fixer made of one file; `setsIt` where it may set the value all the same. */
export type Attempt =
  | { file: ValuesFile; kind: 'fix'; fix: Fix; bytes: Uint8Array }
  | { file: ValuesFile; kind: 'refused'; why: string; setsIt: boolean; sets: Sets };

/** Whether a file sets a value; the path is below the application's own values. */
export type Sets = (path: KeyPath) => boolean;

/** Reads one file and asks the fixer for its change; what it refuses comes back in words. */
export async function attempt(
  fixer: Fixer,
  file: ValuesFile,
  app: string,
  facts: Facts,
  around: Surroundings,
  askTags: AskTags,
): Promise<Attempt> {
  let sets: Sets = () => false;
  try {
    const bytes = await readInside(file);
    const whole = ValuesDocument.parse(bytes, file.document);
    const document = file.mounts ? mountedView(whole, file.mounts) : whole;
    sets = (path) => document.find([...file.prefix, ...path]) !== undefined;
    const trace = await traceOf(file, facts.container?.value);
    const target = { document, prefix: file.prefix, app, facts, trace, ...around };
    const image = fixer.asksFor?.(target);
    const asked = image && (await askTags(image));
    const made = fixer.fix({ ...target, asked });
    for (const edit of made.edits) {
      requireNotWeaker(
        edit,
        entryNameOf((path) => document.find(path), edit),
      );
    }
    const own = file.mounts ? editsInFile(whole, file.mounts, made.edits) : made.edits;
    const edits = own.map((edit) =>
      file.document === undefined ? edit : { ...edit, document: file.document },
    );
    fileChange(file.path, bytes, edits);
    const warnings = [...made.warnings, ...additionWarnings(whole, edits)];
    return { file, kind: 'fix', fix: { ...made, edits, warnings }, bytes };
  } catch (error) {
    const refused = [...refusalCodes, 'outside-workspace', 'not-found', 'wrong-usage'] as const;
    if (refused.some((code) => WarRoomError.is(error, code)) && error instanceof Error) {
      const setsIt = !WarRoomError.is(error, 'values-key-missing');
      return { file, kind: 'refused', why: error.message, setsIt, sets };
    }
    throw error;
  }
}

/**
 * The bytes of a file of its root.
 * @throws code `outside-workspace`, `not-found`
 */
export async function readInside(file: ValuesFile): Promise<Uint8Array> {
  const path = resolve(file.root, file.path);
  const within = relative(file.root, path);
  if (within.startsWith('..') || isAbsolute(within)) throw outside(file.path);
  try {
    const bytes = await readFile(path);
    if (await leadsOut(file.root, file.path)) throw outside(file.path);
    return bytes;
  } catch (error) {
    if (WarRoomError.is(error)) throw error;
    throw new WarRoomError(
      'not-found',
      `${file.path} cannot be read, so nothing was changed; choose another values file.`,
      { cause: error },
    );
  }
}

/** The error for a file of another repository, or one that a link leads to, out of the workspace. */
export function outside(path: string): WarRoomError {
  return new WarRoomError(
    'outside-workspace',
    `${path} leads out of the workspace or into another repository, so it was not read; diagnose there, or change the file in its own repository.`,
  );
}

async function traceOf(file: ValuesFile, container: string | undefined): Promise<TemplateTrace> {
  if (!file.chart || file.chart.templates.length === 0) return noTemplates;
  const templates = await Promise.all(
    file.chart.templates.slice(0, 200).map(async (path) => ({
      path,
      text: await readFile(join(file.root, path), 'utf8').catch(() => ''),
    })),
  );
  return traceTemplates(templates, container);
}
