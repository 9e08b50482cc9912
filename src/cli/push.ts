import { WarRoomError } from '../base/errors';
import { publishedSentence } from '../incident/published';
import type { WarRoom } from '../warRoom';
import type { Approved } from './approve';
import { canAsk } from './ask';

/** How a commit leaves this machine. */
export interface PushOptions {
  /** As `war-room/<id>`, also where it was committed on another branch. */
  ownBranch?: boolean;
  /** Open a pull request with `gh` where that is there. */
  pullRequest?: boolean;
}

/**
 * Pushes the incident's commit, since its person said so.
 * @throws code `push-refused` with what the remote said and what to do next
 */
export async function pushed(
  warRoom: WarRoom,
  id: string,
  { ownBranch = false, pullRequest = false }: PushOptions,
  signal: AbortSignal,
): Promise<Approved> {
  const asked = { ownBranch: ownBranch || pullRequest, pullRequest, atTerminal: canAsk(), signal };
  const result = await warRoom.approval.publish(id, asked);
  if (result.kind === 'no-upstream') throw new WarRoomError('push-refused', result.sentence);
  if (result.kind === 'refused') {
    const next = result.why === 'protected' ? ` That is "war-room push ${id} --pull-request".` : '';
    throw new WarRoomError('push-refused', `${result.sentence}${next}`);
  }
  const said = [publishedSentence(result), ...result.notes].join('\n');
  return { incident: await warRoom.incident(id), said, warning: null };
}
