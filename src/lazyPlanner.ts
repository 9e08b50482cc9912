import type { Clock } from './base/clock';
import type { Planner } from './diagnosis/ports';

/** The planner, loaded at its first plan. */
export function lazyPlanner(clock: Clock): Planner {
  return {
    plan: async (request, signal) => {
      const { createPlanner } = await import('./remediation/planner');
      return await createPlanner({ clock }).plan(request, signal);
    },
  };
}
