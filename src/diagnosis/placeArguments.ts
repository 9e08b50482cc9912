import type { Place } from '../incident/incident';

/** Servers that take `context` and `namespace`. */
const placed: readonly string[] = ['kubectl', 'logs'];

/** The cluster tools are told the incident's own place, never left to the machine's current one. */
export function placeArguments(server: string, { context, namespace }: Place) {
  if (!placed.includes(server)) return {};
  return { ...(context ? { context } : {}), ...(namespace ? { namespace } : {}) };
}
