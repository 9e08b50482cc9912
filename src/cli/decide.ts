import { WarRoomError } from '../base/errors';
import { WarRoom } from '../warRoom';
import { apply, approve } from './approve';
import type { Approved } from './approve';
import { fail, failWith } from './diagnose';
import { requireFolder, terminalHost } from './host';
import { pushed, type PushOptions } from './push';
import { resultOf } from '../incident/result';
import { exitStatus } from './result';

/** What `war-room accept` and `war-room reject` share. */
export interface DecideOptions {
  workspace: string;
  json?: boolean;
}

/** What `war-room accept` was given. */
export interface AcceptOptions extends DecideOptions, PushOptions {
  commit?: boolean;
  file: readonly string[];
  /** `KEY=VALUE`, or `FILE:KEY=VALUE`. */
  value: readonly string[];
  push?: boolean;
}

/** `war-room accept ID [--value KEY=VALUE] [--commit [--push]]`: applies and stages the change, or commits it. */
export function accept(id: string, options: AcceptOptions, signal: AbortSignal): Promise<number> {
  const paths = options.file.length > 0 ? options.file : null;
  const { ownBranch, commit } = options;
  const leaves = options.push === true || options.pullRequest === true;
  return withIncident(id, options, async (warRoom) => {
    if (!commit && (leaves || ownBranch)) throw needsCommit();
    if (options.value.length > 0) await warRoom.approval.giveValues(id, valuesOf(options.value));
    if (!commit) return await apply(warRoom, id, { paths });
    const approved = await approve(warRoom, id, { paths, ownBranch });
    // An action in the cluster is done, and nothing of it is there to push.
    if (!leaves || approved.incident.proposal?.action) return approved;
    const { incident, said } = await pushed(warRoom, id, options, signal);
    return { ...approved, incident, said: `${approved.said}\n${said}` };
  });
}

/** `war-room push ID [--own-branch] [--pull-request]`. */
export function push(
  id: string,
  options: DecideOptions & PushOptions,
  signal: AbortSignal,
): Promise<number> {
  return withIncident(id, options, (warRoom) => pushed(warRoom, id, options, signal));
}

/** `war-room revert ID --reason TEXT [--expected TEXT]`. */
export function revert(
  id: string,
  options: DecideOptions & { reason: string; expected?: string },
): Promise<number> {
  return withIncident(id, options, async (warRoom) => {
    const incident = await warRoom.approval.revert(id, options.reason, options.expected);
    const said = `Took the fix of ${id} back in commit ${incident.reverted?.commit ?? ''}. Push it so that it rolls out.`;
    return { incident, said, warning: null };
  });
}

/** `war-room record ID`. */
export function record(id: string, options: DecideOptions): Promise<number> {
  return withIncident(id, options, async (warRoom) => {
    const incident = await warRoom.approval.recordOutcome(id);
    const said = `Recorded how ${id} ended in commit ${incident.recorded?.commit ?? ''}. Push it so that others see it.`;
    return { incident, said, warning: null };
  });
}

function valuesOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const end = pair.indexOf('=');
      if (end > 0) return [pair.slice(0, end), pair.slice(end + 1)];
      const message = `--value wants KEY=VALUE, not "${pair}"; nothing was changed.`;
      throw new WarRoomError('wrong-usage', message);
    }),
  );
}

function needsCommit(): WarRoomError {
  return new WarRoomError(
    'wrong-usage',
    'Only what is committed can be pushed, so nothing was changed; add --commit.',
  );
}

/** `war-room reject ID --reason TEXT`. */
export function reject(id: string, options: DecideOptions & { reason: string }): Promise<number> {
  return withIncident(id, options, async (warRoom) => {
    const incident = await warRoom.approval.reject(id, options.reason);
    return { incident, said: `Rejected ${id}.`, warning: null };
  });
}

async function withIncident(
  id: string,
  { workspace, json }: DecideOptions,
  work: (warRoom: WarRoom) => Promise<Approved>,
): Promise<number> {
  const warRoom = new WarRoom(terminalHost(workspace, false));
  try {
    await requireFolder(workspace);
    const { incident, said, warning } = await work(warRoom);
    process.stdout.write(json ? `${JSON.stringify(resultOf(incident), null, 2)}\n` : `${said}\n`);
    if (json && warning !== null) process.stderr.write(`${warning}\n`);
    return exitStatus.done;
  } catch (error) {
    const known = await warRoom.incident(id).catch(() => undefined);
    return known ? failWith(error, json === true, known) : fail(error, json === true);
  } finally {
    await warRoom.close();
  }
}
