import { askDescribe, askEvents, place, recentEvents, who } from '../commands';
import { seen } from '../inspected';
import { fact, symptom, type Playbook } from '../playbook';
import { appOfObject } from '../read/picture';

export const podPreempted: Playbook = {
  category: 'pod-preempted',
  layer: 'origin',
  severity: 'medium',
  signals: [
    fact(/\bPreempted by (?:a )?(?:pod )?[\w/.-]+(?: [\w/.-]+)? on node (?<node>[\w.-]+)/i, {
      weight: 0.95,
    }),
    fact(/preempting to accommodate a higher priority pod/i, { weight: 0.95 }),
    fact(/Preempted in order to admit critical pod/i, { weight: 0.95 }),
    fact(/\bPreemptionByScheduler\b/i, { weight: 0.85 }),
    fact(/CANCELLED AT \S+ DUE TO PREEMPTION/i, { weight: 0.95 }),
    fact(/was preempted (?:by|to make room|in favou?r)|\bPREEMPTED\b.*\bby job\b/i, {
      weight: 0.8,
    }),
    symptom(/JobState=PREEMPTED|\|PREEMPTED\|/i, { weight: 0.6 }),
    // Clouds that take a spot machine back
    fact(/\bstop(?:Code|pedReason)\W{1,5}SpotInterruption\b|\bYour Spot Task was interrupted\b/i, {
      calm: true,
    }),
    fact(/\bcompute\.instances\.preempted\b/i, { calm: true }),
    fact(/\bSpot ITN received\. Instance will be interrupted/i, { calm: true }),
    // Kueue, Volcano, Nomad, YARN
    fact(/\bPreempted to accommodate a workload \(UID/i, { weight: 0.95, calm: true }),
    fact(/\bEvict pod \S{1,160} because of preempt\b/i, { calm: true }),
    fact(/\bPreempted by alloc ID\b/i, { weight: 0.95, calm: true }),
    fact(/\bContainer preempted by scheduler\b/i, { calm: true, unless: /reallocating/i }),
  ],
  inspect: ({ conditions }) =>
    conditions
      .filter(
        ({ type, reason }) => type === 'DisruptionTarget' && reason === 'PreemptionByScheduler',
      )
      .map(({ object, citation }) =>
        seen('pod-preempted', 'condition', citation, { app: appOfObject(object) }),
      ),
  keywords: ['kubernetes', 'scheduling', 'priority'],
  summary: (situation) =>
    `${who(situation)} was removed from its node to make room for a pod of higher priority: nothing in the program itself failed.`,
  questions: (situation) => [
    ...askEvents(situation, 'shows which pod took the place'),
    ...askDescribe(situation, 'shows the priority of the pod'),
  ],
  collect: (situation) => [
    recentEvents(situation),
    `kubectl get pods${place(situation)} -o custom-columns=NAME:.metadata.name,PRIORITY:.spec.priority,CLASS:.spec.priorityClassName`,
  ],
  advice: (situation) => ({
    summary:
      'Add room for both, give the workload the priority class that it deserves, or use a class with preemptionPolicy Never for the one that took its place.',
    commands: [
      { title: 'See the priority classes', command: 'kubectl get priorityclass' },
      {
        title: 'See who has which priority',
        command: `kubectl get pods${place(situation)} -o custom-columns=NAME:.metadata.name,PRIORITY:.spec.priority,CLASS:.spec.priorityClassName`,
      },
    ],
  }),
};
