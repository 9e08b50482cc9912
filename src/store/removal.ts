import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { isMissing } from '../base/privateFiles';
import type { Incident } from '../incident/incident';

const dayMs = 24 * 60 * 60 * 1000;
const prefix = '.removed-';

/**
 * Removes an incident's folder with all in it, in one step, so that nobody meets half an incident;
 * one that is not there is removed already.
 * @param now milliseconds since 1970, which tells two removals apart
 */
export async function removeWhole(folder: string, now: number): Promise<void> {
  const doomed = join(dirname(folder), `${prefix}${basename(folder)}-${now}`);
  try {
    await rename(folder, doomed);
    await rm(doomed, { recursive: true, force: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Finishes the removals that a crash cut short. */
export async function finishRemovals(incidents: string): Promise<void> {
  for (const name of await readdir(incidents)) {
    if (!name.startsWith(prefix)) continue;
    await rm(join(incidents, name), { recursive: true, force: true });
  }
}

/**
 * Incidents that nobody touched for so long, apart from those whose accepted change still lies in
 * the working tree: it can be taken back only with what is stored of them.
 */
export function olderThan(incidents: readonly Incident[], days: number, now: number): Incident[] {
  const oldest = new Date(now - days * dayMs).toISOString();
  return incidents.filter(({ updatedAt, state }) => updatedAt < oldest && state !== 'accepted');
}
