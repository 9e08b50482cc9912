import type { Clock } from './base/clock';
import type { Planner } from './diagnosis/ports';
import type { FileHistory } from './remediation/surroundings';
import type { Settings } from './settings';

/**
 * The planner, loaded at its first plan.
 * @param history the earlier texts of files
 * @param remembered the files that were chosen before, asked for at each plan
 */
export function lazyPlanner(
  clock: Clock,
  history: FileHistory,
  remembered: () => Settings['valuesFiles'],
): Planner {
  return {
    plan: async (request, signal) => {
      const { createPlanner } = await import('./remediation/planner');
      return await createPlanner({ clock, history, remembered }).plan(request, signal);
    },
  };
}
