import path from 'node:path';
import { WarRoomError } from '../base/errors';
import type { EvidenceText } from '../incident/evidence';
import { readLogs } from '../intake/readLog';
import { dataFolder, surroundings } from '../store/dataFolder';
import { WarRoom } from '../warRoom';
import { fail } from './diagnose';
import { requireFolder, terminalHost } from './host';
import { exitStatus } from './result';

/** What `war-room evals` was given. */
export interface EvalsOptions {
  cases?: string;
  json?: boolean;
}

/** What `war-room evals add` was given. */
export interface AddCaseOptions extends EvalsOptions {
  category: string;
  app?: string;
  proof: readonly string[];
  name?: string;
  workspace: string;
}

const folderOf = ({ cases }: EvalsOptions): string =>
  path.resolve(cases ?? path.join(dataFolder(surroundings()), 'evals'));

/** `war-room evals`: diagnoses every case of a folder offline and says how many were right. */
export async function evals(options: EvalsOptions): Promise<number> {
  try {
    const { runCases, linesOf } = await import('../evals/entry');
    const root = folderOf(options);
    const scores = await runCases(root);
    if (scores.length === 0) {
      const message = `There is no case in ${root}; add one with war-room evals add, or name another folder with --cases.`;
      throw new WarRoomError('not-found', message);
    }
    if (options.json === true) {
      const results = scores.map((it) => ({
        id: it.case.id,
        category: it.case.category,
        answer: it.answer,
        confidence: it.analysis.rootCause?.confidence ?? null,
        right: it.category,
        app: it.app,
        grounded: it.grounded,
        passed: it.passed,
        ms: it.ms,
      }));
      write(JSON.stringify(results, null, 2));
    } else write(linesOf(scores).join('\n'));
    return scores.every((it) => it.passed) ? exitStatus.done : exitStatus.failure;
  } catch (error) {
    return fail(error, options.json === true);
  }
}

/** `war-room evals add ID|FILE…`: keeps an incident's evidence, or files, as a case with its label. */
export async function addEval(
  what: readonly string[],
  options: AddCaseOptions,
  signal: AbortSignal,
): Promise<number> {
  try {
    const { addCase } = await import('../evals/entry');
    const [first = ''] = what;
    const incident = what.length === 1 && /^incident-\d{14}(?:-\d+)?$/.test(first);
    const texts = incident ? await stored(first, options.workspace) : await read(what, signal);
    const id = options.name ?? path.parse(path.resolve(first)).name;
    const { category, app, proof } = options;
    const label = { category, proof, ...(app === undefined ? {} : { app }) };
    const folder = await addCase(folderOf(options), id, label, texts);
    write(options.json === true ? JSON.stringify({ id, folder }) : `Added ${id}: ${folder}`);
    return exitStatus.done;
  } catch (error) {
    return fail(error, options.json === true);
  }
}

async function stored(id: string, workspace: string): Promise<EvidenceText[]> {
  const warRoom = new WarRoom(terminalHost(workspace, false));
  try {
    await requireFolder(workspace);
    return await warRoom.evidence(id);
  } finally {
    await warRoom.close();
  }
}

/** Reading masks; a small file is kept whole, of a large one its start and end. */
async function read(files: readonly string[], signal: AbortSignal): Promise<EvidenceText[]> {
  const sources = files.map((file) => ({ kind: 'file' as const, path: file, source: file }));
  const { results } = await readLogs(sources, { patterns: [], signal });
  return results.map((result) => result.text);
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
