import { createInterface } from 'node:readline/promises';
import { WarRoomError, describeError } from '../base/errors';
import type { Progress } from '../diagnosis/diagnose';
import type { Incident } from '../incident/incident';
import { pageOf } from '../incident/page';
import type { LogSource } from '../intake/source';
import { WarRoom } from '../warRoom';
import { evidenceFolder } from './evidenceFolder';
import { terminalHost } from './host';
import { pageText } from './pageText';
import { exitStatus, resultOf, resultOfError, statusOf } from './result';
import { styleFor } from './style';

/** What `war-room diagnose` was given. */
export interface DiagnoseOptions {
  evidence?: string;
  workspace: string;
  values?: string;
  json?: boolean;
  yes?: boolean;
  new?: boolean;
  pool: boolean;
  verbose?: boolean;
}

/** Diagnoses files or standard input and returns the exit status. */
export async function diagnose(
  files: readonly string[],
  options: DiagnoseOptions,
  signal: AbortSignal,
): Promise<number> {
  const warRoom = new WarRoom(terminalHost(options.workspace, options.verbose === true));
  try {
    const sources = await sourcesOf(files, options.evidence);
    const found = await warRoom.diagnose(
      {
        sources,
        trigger: triggerOf(files, options.evidence),
        place: options.values === undefined ? {} : { valuesFile: options.values },
        useServers: options.pool,
        forceNew: options.new === true,
        onProgress: progressLine(),
      },
      signal,
    );
    endProgress();
    if (!options.json) print(found);
    const incident = await decide(warRoom, found, options);
    if (options.json) process.stdout.write(`${JSON.stringify(resultOf(incident), null, 2)}\n`);
    return statusOf(incident.outcome ?? 'failed');
  } catch (error) {
    endProgress();
    return fail(error, options.json === true);
  } finally {
    await warRoom.close();
  }
}

/** Says what went wrong, as one JSON object where that was asked for, and returns the exit status. */
export function fail(error: unknown, json: boolean): number {
  const described = describeError(error);
  if (json) process.stdout.write(`${JSON.stringify(resultOfError(described), null, 2)}\n`);
  else process.stderr.write(`${described.message}\n`);
  return described.code === 'wrong-usage' ? exitStatus.usage : exitStatus.failure;
}

async function sourcesOf(
  files: readonly string[],
  evidence: string | undefined,
): Promise<LogSource[]> {
  const further = evidence === undefined ? [] : await evidenceFolder(evidence);
  const piped = files.length === 0 && evidence === undefined;
  if (piped && process.stdin.isTTY) {
    throw new WarRoomError(
      'wrong-usage',
      'Name a log file, pipe a log in, or name a folder with --evidence; see war-room diagnose --help.',
    );
  }
  return [...(piped ? ['-'] : files).map(logSource), ...further];
}

function logSource(file: string): LogSource {
  return file === '-'
    ? { kind: 'stream', source: '-', stream: process.stdin }
    : { kind: 'file', path: file, source: file };
}

function triggerOf(files: readonly string[], evidence: string | undefined): string {
  const named = files.filter((file) => file !== '-');
  if (named.length > 0) return named.join(', ');
  return evidence ?? 'standard input';
}

function print(incident: Incident): void {
  process.stdout.write(`${pageText(pageOf(incident), styleFor(process.stdout, process.env))}\n`);
}

/** With `--yes`, or a yes at the prompt, the proposal is committed; else it waits. */
async function decide(
  warRoom: WarRoom,
  incident: Incident,
  { yes, json }: DiagnoseOptions,
): Promise<Incident> {
  const { id, state, proposal } = incident;
  if (!proposal || (state !== 'awaiting-approval' && state !== 'accepted')) return incident;
  if (yes !== true && !(json !== true && (await asked(`Commit this change? [y/N] `)))) {
    if (!json) process.stdout.write(`\nIt waits: war-room accept ${id} --commit\n`);
    return incident;
  }
  const committed = await warRoom.acceptAndCommit(id, await warRoom.branchFor(id));
  if (!json) {
    const where = committed.branch ? ` on ${committed.branch}` : '';
    process.stdout.write(`\nCommitted ${committed.commit ?? ''}${where}\n`);
  }
  return committed;
}

async function asked(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await lines.question(`\n${question}`)).trim());
  } finally {
    lines.close();
  }
}

/** Progress on standard error, only where that is a terminal. */
function progressLine(): (progress: Progress) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (progress) => {
    if (progress.step !== 'reading') return;
    const mib = Math.round(progress.bytes / 1_048_576);
    if (mib > 0) process.stderr.write(`\rreading: ${mib} MiB`);
  };
}

function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
