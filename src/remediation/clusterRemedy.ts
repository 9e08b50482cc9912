import type { Clock } from '../base/clock';
import type { Analysis } from '../incident/analysis';
import type { Category } from '../incident/category';
import type { WantedAction } from '../incident/clusterAction';
import type { Place } from '../incident/incident';
import type { Plan } from '../incident/proposal';
import { targetOf } from './find/target';
import { findValuesFiles } from './find/valuesFiles';

/** What was planned for. */
interface Planned {
  analysis: Analysis;
  app: string | null;
  place: Place;
  roots: readonly string[];
}

/** A remedy in the cluster itself, with where it does not help. */
interface Remedy extends WantedAction {
  /** How it came about, where the remedy would cure nothing. */
  notFor: readonly string[];
  /** True where a values file is the better place for the change, so there must be none. */
  onlyWithoutFile: boolean;
}

/**
 * The categories that a change of the running deployment cures for now. There are few: a restart of
 * what fails by itself hides the cause, and what a values file says is edited there.
 */
const remedies: Readonly<Partial<Record<Category, Remedy>>> = {
  'application-hung': {
    tool: 'restart_deployment',
    reason: 'It runs and does nothing, and does not get out of that by itself: new pods do.',
    warnings: [
      'A restart only buys time, and takes the state of the hung threads with it: take a dump of them first.',
    ],
    // It waits for a disk, or for one piece of work that ends.
    notFor: ['kernel', 'event-loop'],
    onlyWithoutFile: false,
  },
  'traffic-overload': {
    tool: 'scale_deployment',
    reason: 'More comes than its pods can serve, no values file sets their number.',
    warnings: ['If one slow peer holds the requests, more pods only press it harder.'],
    notFor: [],
    onlyWithoutFile: true,
  },
};

/**
 * A plan without a change of a file, with what to try in the cluster instead where that is a
 * remedy; for nearly every category there is none.
 */
export async function withClusterRemedy(
  plan: Plan,
  { analysis, app, place, roots }: Planned,
  clock: Clock,
  signal: AbortSignal,
): Promise<Plan> {
  const { category, rootCause } = analysis;
  const remedy = category ? remedies[category] : undefined;
  if (plan.kind !== 'advice' || !remedy) return plan;
  if (remedy.notFor.includes(rootCause?.mechanism ?? '')) return plan;
  const name = app ?? place.application;
  if (remedy.onlyWithoutFile && name !== null) {
    const target = targetOf(name, analysis.facts, place);
    const { files } = await findValuesFiles(roots, target, clock, signal);
    if (files.length > 0) return plan;
  }
  const { tool, reason, warnings } = remedy;
  return { ...plan, action: { tool, reason, warnings } };
}
