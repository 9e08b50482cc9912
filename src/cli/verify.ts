import { pageOf } from '../incident/page';
import { resultOf } from '../incident/result';
import { rolloutStep } from '../incident/rolloutWords';
import { WarRoomError } from '../base/errors';
import type { Incident } from '../incident/incident';
import { WarRoom } from '../warRoom';
import { fail, failWith } from './diagnose';
import { requireFolder, terminalHost } from './host';
import { pageText } from './pageText';
import { exitStatus } from './result';
import { styleFor } from './style';

/** What `war-room verify` was given. */
export interface VerifyOptions {
  workspace: string;
  wait?: boolean;
  rolledOut?: boolean;
  resolved?: boolean;
  json?: boolean;
}

/**
 * `war-room verify ID`: looks whether the committed change is live and whether it helped, once or
 * until that is decided. What the person says of it is kept.
 */
export async function verify(
  id: string,
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<number> {
  const json = options.json === true;
  const warRoom = new WarRoom(terminalHost(options.workspace, false));
  try {
    await requireFolder(options.workspace);
    const incident = await looked(warRoom, id, options, signal);
    if (json) process.stdout.write(`${JSON.stringify(resultOf(incident), null, 2)}\n`);
    else
      process.stdout.write(
        `${pageText(pageOf(incident), styleFor(process.stdout, process.env))}\n`,
      );
    return incident.state === 'escalated' ? exitStatus.failure : exitStatus.done;
  } catch (error) {
    const known = await warRoom.incident(id).catch(() => undefined);
    return known ? failWith(error, json, known) : fail(error, json);
  } finally {
    await warRoom.close();
  }
}

async function looked(
  { rollouts }: WarRoom,
  id: string,
  { rolledOut, resolved, wait }: VerifyOptions,
  signal: AbortSignal,
): Promise<Incident> {
  if (rolledOut && resolved) {
    const message = 'Say either --rolled-out or --resolved; nothing was changed.';
    throw new WarRoomError('wrong-usage', message);
  }
  if (resolved) return await rollouts.close(id);
  if (rolledOut) await rollouts.markRolledOut(id);
  if (!wait) return await rollouts.look(id, signal);
  let said = '';
  return await rollouts.wait(
    id,
    (incident) => {
      const { sentence } = rolloutStep(incident);
      if (process.stderr.isTTY && sentence !== said) process.stderr.write(`${sentence}\n`);
      said = sentence;
    },
    signal,
  );
}
