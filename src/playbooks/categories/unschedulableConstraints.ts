import { askDescribe, askEvents, place, who } from '../commands';
import { fact, type Match, type Playbook, type Refinement } from '../playbook';
import {
  onlyIf,
  schedulerOf,
  slurmQueue,
  swarmService,
  type Looks,
  type Scheduler,
} from './scheduling';

const looks: Looks = {
  kubernetes: (situation) => [
    {
      title: 'See what the pod asks for',
      command: `kubectl get pod ${situation.facts.pod ?? '<pod>'}${place(situation)} -o yaml`,
    },
    { title: 'See the labels of the nodes', command: 'kubectl get nodes --show-labels' },
    {
      title: 'See the taints of the nodes',
      command: "kubectl get nodes -o custom-columns='NAME:.metadata.name,TAINTS:.spec.taints'",
    },
  ],
  swarm: (situation) => [
    ...swarmService(situation),
    {
      title: 'See role, platform and labels of the nodes',
      command:
        "docker node inspect $(docker node ls -q) --format '{{.Description.Hostname}} {{.Spec.Role}} {{.Spec.Labels}}'",
    },
  ],
  slurm: () => [
    slurmQueue,
    { title: 'See features and partitions of the nodes', command: "sinfo -o '%N %P %f %T'" },
  ],
};

const advice: Readonly<Record<Scheduler, string>> = {
  kubernetes:
    'Make the pod’s node selector, affinity or tolerations fit a node that exists, or label or untaint the node that was meant.',
  swarm:
    'Make the constraints of the service fit a node that exists, or give the node that was meant the label, the role or the room for another replica.',
  slurm:
    'Ask for a feature, partition or node that exists, or give the node that was meant the feature.',
};

/** Where nodes are down, the others were never meant for it. */
function unlessNodesAreGone({ line, picture }: Match): Refinement {
  const gone =
    /not available for new tasks/i.test(line.message) &&
    picture.conditions.some(
      ({ object, type, status }) =>
        object.startsWith('node/') && type === 'Ready' && status !== 'True',
    );
  return gone ? { role: 'symptom', weight: 0.4 } : {};
}

export const unschedulableConstraints: Playbook = {
  category: 'unschedulable-constraints',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/nodes are available: .*node\(s\) /i, { refine: onlyIf('unschedulable-constraints') }),
    fact(/Predicate (?:NodeAffinity|PodToleratesNodeTaints|MatchNodeSelector) failed/i),
    fact(/(?:^|\W)NodeAffinity(?:$|: | failed)/i, { only: 'platform', weight: 0.6 }),
    // Of several reasons the one that a node could still be made fit for counts.
    fact(
      /no suitable node \(.*(?:scheduling constraints not satisfied|max replicas per node limit|unsupported platform)/i,
      { unless: /insufficient resources|missing plugin/i, refine: unlessNodesAreGone },
    ),
    fact(/Invalid feature specification/i),
    // Nomad and Amazon ECS
    fact(/Constraint .*filtered \d+ nodes?|Class "[^"]*" (?:filtered|excluded)/i, { calm: true }),
    fact(
      /missing an attribute required by your task|MemberOf placement constraint unsatisfied|placement constraint.*not (?:met|satisfied)/i,
      { calm: true },
    ),
    fact(/Requested node\(s\) (?:are|is) not in (?:the )?partition/i),
    fact(/(?:Reason=|\()BadConstraints\b/i),
    fact(/node\(s\) (?:didn't match|had (?:untolerated )?taint|didn't tolerate|didn't satisfy)/i, {
      unless: /nodes are available/i,
      weight: 0.7,
    }),
    fact(/\bincompatible requirements, key [\w./-]{1,100}/i, { weight: 0.9 }), // Karpenter
  ],
  keywords: ['kubernetes', 'scheduling'],
  summary: (situation) => {
    const why = /\d node\(s\) ([^,.{]{0,200}(?:\{[^}]{0,300}\}[^,.]{0,200})?)/i.exec(
      situation.proof,
    )?.[1];
    return `${who(situation)} cannot be placed: its placement rules fit no node${why ? ` (nodes ${why.trim()})` : ''}.`;
  },
  questions: (situation) =>
    schedulerOf(situation) === 'kubernetes'
      ? [
          ...askEvents(situation, 'shows which rule each node fails'),
          ...askDescribe(situation, 'shows the pod’s node selector, tolerations and affinity'),
        ]
      : [],
  collect: (situation) => looks[schedulerOf(situation)](situation).map(({ command }) => command),
  advice: (situation) => ({
    summary: advice[schedulerOf(situation)],
    commands: looks[schedulerOf(situation)](situation),
  }),
};
