import { askDescribe, askEvents, describePod, place, who } from '../commands';
import { fact, type Playbook } from '../playbook';
import { onlyIf } from './scheduling';

export const unschedulableConstraints: Playbook = {
  category: 'unschedulable-constraints',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/nodes are available: .*node\(s\) /i, { refine: onlyIf('unschedulable-constraints') }),
    fact(/Predicate (?:NodeAffinity|PodToleratesNodeTaints|MatchNodeSelector) failed/i),
    fact(/(?:^|\W)NodeAffinity(?:$|: | failed)/i, { only: 'platform', weight: 0.6 }),
    fact(/no suitable node \(scheduling constraints not satisfied/i),
    fact(/node\(s\) (?:didn't match|had (?:untolerated )?taint|didn't tolerate|didn't satisfy)/i, {
      unless: /nodes are available/i,
      weight: 0.7,
    }),
  ],
  keywords: ['kubernetes', 'scheduling'],
  summary: (situation) => {
    const why = /\d node\(s\) ([^,.]*(?:\{[^}]*\}[^,.]*)?)/i.exec(situation.proof)?.[1];
    return `${who(situation)} cannot be placed: its placement rules fit no node${why ? ` (nodes ${why.trim()})` : ''}.`;
  },
  questions: (situation) => [
    ...askEvents(situation, 'shows which rule each node fails'),
    ...askDescribe(situation, 'shows the pod’s node selector, tolerations and affinity'),
  ],
  collect: (situation) => [
    describePod(situation),
    'kubectl get nodes --show-labels',
    "kubectl get nodes -o custom-columns='NAME:.metadata.name,TAINTS:.spec.taints'",
  ],
  advice: (situation) => ({
    summary:
      'Make the pod’s node selector, affinity or tolerations fit a node that exists, or label or untaint the node that was meant.',
    commands: [
      {
        title: 'See the labels of the nodes',
        command: 'kubectl get nodes --show-labels',
      },
      {
        title: 'See the taints of the nodes',
        command: "kubectl get nodes -o custom-columns='NAME:.metadata.name,TAINTS:.spec.taints'",
      },
      {
        title: 'See what the pod asks for',
        command: `kubectl get pod ${situation.facts.pod ?? '<pod>'}${place(situation)} -o yaml`,
      },
    ],
  }),
};
