import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { WarRoomError, messageOf } from '../base/errors';
import type { Incident } from '../incident/incident';
import { mayFollow } from '../incident/state';
import { isMissing, readIfThere, writeAtomically } from '../base/privateFiles';

/** The file of an incident's folder that says what is known of it. */
const incidentFile = 'incident.json';

/** A file that is there but cannot be used: `damaged` is no longer an incident, `newer` not yet one. */
class UnusableFile extends Error {
  constructor(
    readonly kind: 'damaged' | 'newer',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads the incident of a folder; undefined when none is there. A damaged file is kept under
 * another name, so that it does not stand in the way for ever.
 * @param now milliseconds since 1970, for that name
 * @throws code `not-found` for a file that cannot be used; the message says where it is kept
 */
export async function readIncident(
  folder: string,
  id: string,
  now: number,
): Promise<Incident | undefined> {
  const content = await readIfThere(join(folder, incidentFile));
  try {
    return content && parseIncident(content.toString('utf8'), id);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    throw await putAside(folder, id, now, error);
  }
}

async function putAside(
  folder: string,
  id: string,
  now: number,
  reason: UnusableFile,
): Promise<WarRoomError> {
  if (reason.kind === 'newer') {
    return new WarRoomError('not-found', `Incident ${id} cannot be shown: ${reason.message}.`);
  }
  const kept = join(folder, `incident.damaged-${now}.json`);
  await rename(join(folder, incidentFile), kept);
  return new WarRoomError(
    'not-found',
    `Incident ${id} cannot be read (${reason.message}); its file is kept as ${kept}.`,
  );
}

/** Writes the incident of a folder, which must exist. */
export async function writeIncident(folder: string, incident: Incident): Promise<void> {
  await writeAtomically(join(folder, incidentFile), `${JSON.stringify(incident, null, 2)}\n`);
}

/** Something that differs after every write of the incident; undefined when there is no file. */
export async function versionOf(folder: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs } = await stat(join(folder, incidentFile), { bigint: true });
    return `${ino}-${size}-${mtimeNs}`;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * The incident after a change, with its time and, where the state moved and the change did not say
 * so itself, a line in its timeline.
 * @throws code `wrong-state` when the new state may not follow
 */
export function changed(before: Incident, after: Incident, at: string): Incident {
  if (!mayFollow(before.state, after.state)) {
    throw new WarRoomError(
      'wrong-state',
      `${before.id} is ${before.state} and cannot become ${after.state}; nothing was changed.`,
    );
  }
  const said = after.timeline.length > before.timeline.length;
  const moved = before.state !== after.state && !said;
  const timeline = moved
    ? [...after.timeline, { at, state: after.state, note: '' }]
    : after.timeline;
  return { ...after, id: before.id, createdAt: before.createdAt, updatedAt: at, timeline };
}

function parseIncident(content: string, id: string): Incident {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new UnusableFile('damaged', messageOf(error));
  }
  const found = typeof value === 'object' && value !== null ? (value as Partial<Incident>) : {};
  if (typeof found.schema === 'number' && found.schema > 1) {
    throw new UnusableFile('newer', `it was written by a newer War Room (schema ${found.schema})`);
  }
  const whole =
    found.schema === 1 && found.id === id && typeof found.state === 'string' && found.timeline;
  if (!whole) throw new UnusableFile('damaged', 'it does not hold this incident');
  return value as Incident;
}
