import { WarRoomError, describeError } from '../base/errors';
import { spentText } from '../diagnosis/analysts/spent';
import type { Progress } from '../diagnosis/diagnose';
import { callOf } from '../incident/clusterAction';
import type { Incident } from '../incident/incident';
import { pageOf } from '../incident/page';
import type { LogSource } from '../intake/source';
import { WarRoom } from '../warRoom';
import { approve } from './approve';
import { confirm } from './ask';
import { evidenceFolder } from './evidenceFolder';
import { requireFolder, terminalHost } from './host';
import { decideLeave } from './leave';
import { pageText } from './pageText';
import { resultOf, resultOfError, type DiagnoseResult } from '../incident/result';
import { exitStatus, statusOf } from './result';
import { styleFor } from './style';

/** What `war-room diagnose` was given. */
export interface DiagnoseOptions {
  evidence?: string;
  workspace: string;
  values?: string;
  json?: boolean;
  yes?: boolean;
  new?: boolean;
  allowStart?: boolean;
  pool: boolean;
  verbose?: boolean;
  model: 'none' | 'anthropic';
}

/** Diagnoses files or standard input and returns the exit status. */
export async function diagnose(
  files: readonly string[],
  options: DiagnoseOptions,
  signal: AbortSignal,
): Promise<number> {
  const verbose = options.verbose === true;
  const warRoom = new WarRoom(terminalHost(options.workspace, verbose, {}, options.model));
  const json = options.json === true;
  try {
    await requireFolder(options.workspace);
    const sources = await sourcesOf(files, options.evidence);
    const waiting = await warRoom.diagnose(
      {
        sources,
        trigger: triggerOf(files, options.evidence),
        place: options.values === undefined ? {} : { valuesFile: options.values },
        useServers: options.pool,
        forceNew: options.new === true,
        allowStart: options.allowStart === true,
        onProgress: progressLine(),
      },
      signal,
    );
    endProgress();
    const found = await decideLeave(warRoom, waiting, signal);
    if (!json) print(found);
    return await decided(warRoom, found, options, signal);
  } catch (error) {
    endProgress();
    return fail(error, json);
  } finally {
    await warRoom.close();
  }
}

/** Has the person, or `--yes`, decide what waits; says what came of it and returns the exit status. */
async function decided(
  warRoom: WarRoom,
  found: Incident,
  options: DiagnoseOptions,
  signal: AbortSignal,
): Promise<number> {
  const json = options.json === true;
  try {
    const incident = await decide(warRoom, found, options, signal);
    if (json) printJson(resultOf(incident));
    return signal.aborted ? exitStatus.failure : statusOf(incident.outcome ?? 'failed');
  } catch (error) {
    return failWith(error, json, await warRoom.incident(found.id));
  }
}

/** Says what went wrong, as one JSON object where that was asked for, and returns the exit status. */
export function fail(error: unknown, json: boolean): number {
  return said(describeError(error), json, resultOfError(describeError(error)));
}

/** As {@link fail}, with what is known of the incident. */
export function failWith(error: unknown, json: boolean, incident: Incident): number {
  const described = describeError(error);
  return said(described, json, { ...resultOf(incident), error: described });
}

function said(
  { code, message }: ReturnType<typeof describeError>,
  json: boolean,
  result: DiagnoseResult,
): number {
  if (json) printJson(result);
  else process.stderr.write(`${message}\n`);
  return code === 'wrong-usage' ? exitStatus.usage : exitStatus.failure;
}

function printJson(result: DiagnoseResult): void {
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
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

/**
 * With `--yes`, or a yes at the prompt, the proposal is approved; else it waits. An action in the
 * cluster needs the yes to its exact call: git keeps nothing that it could be taken back to.
 */
async function decide(
  warRoom: WarRoom,
  incident: Incident,
  { yes, json }: DiagnoseOptions,
  signal: AbortSignal,
): Promise<Incident> {
  const { id, state, proposal } = incident;
  const waits = state === 'awaiting-approval' || state === 'accepted';
  if (!proposal || !waits || signal.aborted) return incident;
  const shown = proposal.action && callOf(proposal.action);
  const given = yes === true && shown === undefined;
  const question = questionOf(incident, shown);
  if (!given && !(json !== true && (await confirm(`\n${question} [y/N] `, signal)))) {
    const next = shown === undefined ? `${id} --commit` : `${id}, which makes the call ${shown}`;
    if (!json) process.stdout.write(`\nIt waits: war-room accept ${next}\n`);
    return incident;
  }
  const { incident: approved, said, warning } = await approve(warRoom, id, { shown });
  if (!json) process.stdout.write(`\n${said}\n`);
  else if (warning !== null) process.stderr.write(`${warning}\n`);
  return approved;
}

function questionOf({ repository }: Incident, call: string | undefined): string {
  if (call !== undefined) return `Make exactly this call in the cluster?\n    ${call}\n`;
  return repository === null ? 'Apply this change, without a commit?' : 'Commit this change?';
}

/** Progress on standard error, only where that is a terminal. */
function progressLine(): (progress: Progress) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (progress) => {
    if (progress.step === 'model') {
      process.stderr.write(`\r\u001b[K${spentText(progress.spent)}`);
      return;
    }
    if (progress.step !== 'reading') return;
    const mib = Math.round(progress.bytes / 1_048_576);
    if (mib > 0) process.stderr.write(`\rreading: ${mib} MiB`);
  };
}

function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
