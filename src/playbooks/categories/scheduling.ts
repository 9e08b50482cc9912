import type { Advice } from '../../incident/analysis';
import type { Category } from '../../incident/category';
import { appName } from '../commands';
import type { Match, Refinement, Situation } from '../playbook';
import { appOfObject } from '../read/picture';

const reason =
  /\b(\d{1,6}) (Insufficient [\w./-]+|Too many pods|node\(s\) [^,.{]{1,200}(?:\{[^}]{0,300}\}[^,.]{0,200})?)/gi;

/** Nodes that are gone or in need say nothing of the pod. */
const inNeed = /not-ready|unreachable|were not ready|(?:memory|disk|pid)-pressure/i;
/** Nodes that no ordinary pod runs on: they are the reason only where there are no others. */
const reserved = /control-plane|node-role\.kubernetes\.io\/master/i;

/** Which of the two scheduling categories most nodes give as their reason; null for neither. */
export function schedulingCategory(message: string): Category | null {
  // A taken host port is the fault of that port.
  if (/didn't have free ports/i.test(message)) return null;
  let resources = 0;
  let constraints = 0;
  let kept = 0;
  let gone = 0;
  let bound = true;
  // What stands behind "preemption:" repeats the reasons in other words.
  const [reasons = ''] = message.split(/preemption:/i);
  for (const [, count, text = ''] of reasons.matchAll(reason)) {
    if (inNeed.test(text)) gone += Number(count);
    else if (reserved.test(text)) kept += Number(count);
    else if (/persistent volumes to bind|PersistentVolumeClaim/i.test(text)) bound = false;
    else if (/^(?:Insufficient|Too many pods)/i.test(text)) resources += Number(count);
    else constraints += Number(count);
  }
  if (!bound) return null;
  if (resources + constraints === 0) {
    return kept > 0 && gone === 0 ? 'unschedulable-constraints' : null;
  }
  // Nodes that the pod must not go to anyway are no news: those that it may go to are full.
  return resources > 0 ? 'unschedulable-resources' : 'unschedulable-constraints';
}

/** Keeps a match only where the whole message speaks for `category`. */
export function onlyIf(category: Category): (match: Match) => Refinement | null {
  return (match) => {
    if (schedulingCategory(wholeMessage(match)) !== category) return null;
    return isReplacement(match) ? { role: 'symptom', weight: 0.3 } : {};
  };
}

/** The pod that is made anew for one that had to give way finds no room because of that. */
function isReplacement({ line, picture: { events } }: Match): boolean {
  const own = events.find(
    ({ citation }) => citation.line === line.number && citation.source === line.source,
  );
  if (!own?.object) return false;
  const app = appOfObject(own.object);
  return events.some(
    ({ reason: why, object }) =>
      why === 'Preempted' && object !== null && appOfObject(object) === app,
  );
}

/** A quoted message of YAML is folded: it goes on in the next lines until its quote ends. */
function wholeMessage({ line, after }: Match): string {
  const quote = /^\s*(?:- )?message: (['"])/.exec(line.text)?.[1];
  let whole = line.message;
  for (const { message } of quote === undefined ? [] : after) {
    if (whole.endsWith(quote ?? '')) break;
    whole = `${whole} ${message.trim()}`;
  }
  return whole;
}

/** Who places programs on nodes, told by its words. */
export type Scheduler = 'kubernetes' | 'swarm' | 'slurm';

export function schedulerOf({ proof }: Situation): Scheduler {
  if (/no suitable node \(/i.test(proof)) return 'swarm';
  return /sbatch|srun|slurm|JobId|\(Resources\)|BadConstraints|_build_node_list|Reason=/i.test(
    proof,
  )
    ? 'slurm'
    : 'kubernetes';
}

/** What a person on call would look at, by scheduler. */
export type Looks = Readonly<Record<Scheduler, (situation: Situation) => Advice['commands']>>;

/** The tasks of a Swarm service with their whole errors, and what the service asks for. */
export const swarmService = (situation: Situation): Advice['commands'] => [
  {
    title: 'See why its tasks wait',
    command: `docker service ps --no-trunc ${appName(situation)}`,
  },
  {
    title: 'See what the service asks for',
    command: `docker service inspect --pretty ${appName(situation)}`,
  },
];

/** What waits in Slurm and why. */
export const slurmQueue: Advice['commands'][number] = {
  title: 'See what waits and why',
  command: "squeue --states=PENDING -o '%i %j %T %r'",
};
