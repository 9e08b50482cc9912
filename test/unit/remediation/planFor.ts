import type { FactValues } from '../../../src/incident/analysis';
import type { Category } from '../../../src/incident/category';
import type { Place } from '../../../src/incident/incident';
import type { Plan } from '../../../src/incident/proposal';
import type { Planner } from '../../../src/diagnosis/ports';
import { createPlanner } from '../../../src/remediation/planner';
import { temporaryFolder } from '../../harness/temporary';
import { analysisOf } from './facts';
import { writeFiles } from './files';

/** A block of resources with a memory limit. */
export const memory = (limit = '512Mi', indent = '') =>
  `${indent}resources:\n${indent}  limits:\n${indent}    memory: ${limit}\n`;

/** A template that gives its container the resources of the values. */
export const deployment = (container: string) =>
  `containers:\n  - name: ${container}\n    resources:\n      {{- toYaml .Values.resources | nindent 6 }}\n`;

/** A repository, and the container that broke; unless told, grafana, killed at 512Mi. */
export interface Situation {
  files: Record<string, string | Uint8Array>;
  place?: Partial<Place>;
  facts?: Partial<FactValues>;
  app?: string | null;
  category?: Category;
}

/**
 * Plans for a situation in a repository of its own.
 * @param prepare changes the repository before it is looked at
 */
export async function planFor(situation: Situation, prepare?: (root: string) => Promise<void>) {
  await using folder = await temporaryFolder('한글 repo');
  await writeFiles(folder.path, situation.files);
  await prepare?.(folder.path);
  const planner: Planner = createPlanner();
  const { app = 'grafana', facts = { memoryLimit: '512Mi' } } = situation;
  const nowhere = { context: null, namespace: null, application: null, valuesFile: null };
  return await planner.plan(
    {
      analysis: analysisOf(situation.category ?? 'oom-killed', facts),
      app,
      place: { ...nowhere, ...situation.place },
      roots: [folder.path],
    },
    new AbortController().signal,
  );
}

/** The file and path of the first edit, or what else the plan is. */
export function outcome(plan: Plan): string {
  if (plan.kind === 'choose') return `choose ${plan.candidates.map(({ path }) => path).join(' ')}`;
  if (plan.kind === 'advice') return `advice: ${plan.advice.summary}`;
  const [file] = plan.proposal.files;
  return `${file?.path} ${file?.edits[0]?.keyPath.join('.')}`;
}
