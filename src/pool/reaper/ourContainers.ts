import { withDeadline } from '../../base/deadline';
import { isStatus } from '../engine/failure';
import type { EngineConnection } from '../engine/place';
import { askEngine, openStream } from '../engine/stream';
import { labels } from '../ownership/labels';

const listMs = 10_000;
/** An engine under load takes its time to kill and remove. */
const removeMs = 30_000;

/** A container that carries our owner label. */
export interface OurContainer {
  id: string;
  name: string;
  /** Text of the owner label. */
  owner: string;
  /** It was never started, or has ended, and nothing of ours is started twice. */
  isOver: boolean;
}

const overStates = ['created', 'exited', 'dead'];

interface Listed {
  Id: string;
  Names?: readonly string[];
  State?: string;
  Labels?: Readonly<Record<string, string>>;
}

/** The containers with our owner label, in whatever state, created and never started ones too. */
export async function listOurContainers(connection: EngineConnection): Promise<OurContainer[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [labels.owner] }));
  const path = `/containers/json?all=true&filters=${filters}`;
  const listed = await withDeadline('Listing containers', listMs, undefined, (signal) =>
    askEngine<Listed[]>(connection, { method: 'GET', path }, signal),
  );
  return listed.flatMap(({ Id, Names, Labels, State = '' }) => {
    const owner = Labels?.[labels.owner];
    // An engine that does not know the filter lists everything.
    if (owner === undefined) return [];
    const name = Names?.[0]?.replace(/^\//, '') ?? Id.slice(0, 12);
    return [{ id: Id, name, owner, isOver: overStates.includes(State) }];
  });
}

/**
 * Kills and removes a container; one that is gone or going already is no error.
 * @returns false when the engine has none of that id. One that was killed may go on listing such a
 * container as dead (https://github.com/moby/moby/pull/51692): nothing is left of it that runs.
 */
export async function removeContainer(connection: EngineConnection, id: string): Promise<boolean> {
  const path = `/containers/${id}?force=true&v=true`;
  try {
    await withDeadline('Removing a container', removeMs, undefined, async (signal) => {
      const answer = await openStream(connection, { method: 'DELETE', path }, signal);
      answer.resume();
    });
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    if (isStatus(error, 409)) return true;
    throw error;
  }
}
