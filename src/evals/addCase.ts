import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { WarRoomError } from '../base/errors';
import { hasCode, makePrivateFolder, writeAtomically } from '../base/privateFiles';
import type { EvidenceText } from '../incident/evidence';
import { isLabel, quiet, type CaseFile } from './evalCase';

/** What a person says of a case of their own. */
export interface Label {
  /** A category, `no-incident` or `insufficient-evidence`. */
  category: string;
  app?: string;
  /** Pieces of the lines that prove it. */
  proof?: readonly string[];
}

/**
 * Keeps masked evidence with its label as a case of its own, whole or not at all.
 * @param texts masked; the first is what a person would select first
 * @returns the case's folder
 * @throws code `wrong-usage` for a label or name that cannot be, `wrong-state` when the case is there
 */
export async function addCase(
  root: string,
  id: string,
  label: Label,
  texts: readonly EvidenceText[],
): Promise<string> {
  check(id, label, texts);
  const folder = path.join(root, id);
  const draft = path.join(root, `.${id}-${process.pid}`);
  const names = texts.map((text, index) => nameOf(text, index));
  const file: CaseFile = {
    category: label.category,
    app: label.app ?? null,
    log: names[0] ?? null,
    proof: label.proof ?? [],
    program: id,
  };
  try {
    await makePrivateFolder(path.join(draft, 'evidence'));
    for (const [index, text] of texts.entries()) {
      const lines = text.lines.map((line) => `${line.text}\n`).join('');
      await writeAtomically(path.join(draft, 'evidence', names[index] ?? ''), lines);
    }
    await writeAtomically(path.join(draft, 'case.json'), `${JSON.stringify(file, null, 2)}\n`);
    await rename(draft, folder);
    return folder;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error;
    throw new WarRoomError(
      'wrong-state',
      `There is a case ${id} in ${root} already. It was left as it is; remove it, or add this one with another --name.`,
    );
  }
}

function check(id: string, { category, proof = [] }: Label, texts: readonly EvidenceText[]): void {
  const refuse = (why: string): never => {
    throw new WarRoomError('wrong-usage', `${why} No case was added.`);
  };
  if (!/^[a-z0-9][\w.-]*$/i.test(id)) {
    refuse(`"${id}" cannot name a case: letters, digits, ".", "_" and "-" can.`);
  }
  if (!isLabel(category)) {
    refuse(`"${category}" is no category; say one of docs/playbooks.md, or ${quiet.join(' or ')}.`);
  }
  const missing = proof.find(
    (piece) => !texts.some((text) => text.lines.some((line) => line.text.includes(piece))),
  );
  if (missing !== undefined) {
    refuse(`No line of the masked evidence holds the proof "${missing}".`);
  }
}

/** `1-describe.txt`: in the order of the evidence, and no two the same. */
function nameOf({ source }: EvidenceText, index: number): string {
  const base = path
    .basename(source)
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(-80);
  return `${String(index + 1).padStart(3, '0')}-${base || 'log'}`;
}
