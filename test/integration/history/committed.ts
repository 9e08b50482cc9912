import type { Incident } from '../../../src/incident/incident';
import { evidence } from './evidence';
import type { World } from './fixture';

/** The world's incident with its fix committed. */
export async function committed(world: World): Promise<Incident> {
  const decision = world.decision();
  const { sha, branch } = await world.history().commit(world.incident, decision, evidence);
  return await world.store.update(world.incident.id, (each) => ({
    ...each,
    commit: sha,
    branch,
    decision,
  }));
}
