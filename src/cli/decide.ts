import { WarRoom } from '../warRoom';
import { apply, approve } from './approve';
import type { Approved } from './approve';
import { fail, failWith } from './diagnose';
import { requireFolder, terminalHost } from './host';
import { resultOf } from '../incident/result';
import { exitStatus } from './result';

/** What `war-room accept` and `war-room reject` share. */
export interface DecideOptions {
  workspace: string;
  json?: boolean;
}

/** `war-room accept ID [--commit]`: applies and stages the change, or commits it. */
export function accept(id: string, options: DecideOptions & { commit?: boolean }): Promise<number> {
  const decide = options.commit ? approve : apply;
  return withIncident(id, options, (warRoom) => decide(warRoom, id));
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
