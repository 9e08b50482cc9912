import { WarRoom } from '../warRoom';
import { fail, failWith } from './diagnose';
import { requireFolder, terminalHost } from './host';
import { exitStatus, resultOf } from './result';
import type { Incident } from '../incident/incident';

/** What `war-room accept` and `war-room reject` share. */
export interface DecideOptions {
  workspace: string;
  json?: boolean;
}

/** `war-room accept ID [--commit]`: applies and stages the change, or commits it. */
export function accept(id: string, options: DecideOptions & { commit?: boolean }): Promise<number> {
  return withIncident(id, options, async (warRoom) => {
    if (!options.commit) {
      const incident = await warRoom.accept(id);
      return { incident, said: 'Accepted and staged. Committing it is the approval.' };
    }
    const incident = await warRoom.acceptAndCommit(id, await warRoom.branchFor(id));
    return { incident, said: [`Committed ${incident.commit ?? ''}`, ...incident.notes].join('\n') };
  });
}

/** `war-room reject ID --reason TEXT`. */
export function reject(id: string, options: DecideOptions & { reason: string }): Promise<number> {
  return withIncident(id, options, async (warRoom) => {
    return { incident: await warRoom.reject(id, options.reason), said: `Rejected ${id}.` };
  });
}

async function withIncident(
  id: string,
  { workspace, json }: DecideOptions,
  work: (warRoom: WarRoom) => Promise<{ incident: Incident; said: string }>,
): Promise<number> {
  const warRoom = new WarRoom(terminalHost(workspace, false));
  try {
    await requireFolder(workspace);
    const { incident, said } = await work(warRoom);
    process.stdout.write(json ? `${JSON.stringify(resultOf(incident), null, 2)}\n` : `${said}\n`);
    return exitStatus.done;
  } catch (error) {
    const known = await warRoom.incident(id).catch(() => undefined);
    return known ? failWith(error, json === true, known) : fail(error, json === true);
  } finally {
    await warRoom.close();
  }
}
