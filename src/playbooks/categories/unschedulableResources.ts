import { askDescribe, askEvents, describePod, who } from '../commands';
import { ofStatus } from '../inspected';
import { fact, proof, type Playbook } from '../playbook';
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
    { title: 'See what the pod requests', command: describePod(situation) },
    {
      title: 'See what the nodes have left',
      command: 'kubectl describe nodes | grep -A 8 "Allocated resources"',
    },
  ],
  swarm: (situation) => [
    ...swarmService(situation),
    {
      title: 'See what the nodes have',
      command:
        "docker node inspect $(docker node ls -q) --format '{{.Description.Hostname}} {{.Description.Resources}}'",
    },
  ],
  slurm: () => [
    slurmQueue,
    {
      title: 'See what the nodes have and what is taken',
      command: "sinfo -N -o '%N %c %C %m %e %G %T'",
    },
  ],
};

const advice: Readonly<Record<Scheduler, string>> = {
  kubernetes: 'Lower what the pod requests to what it uses, free room on the nodes, or add a node.',
  swarm: 'Lower what the service reserves to what it uses, free room on the nodes, or add a node.',
  slurm:
    'Ask for what a node of the partition has, split the job, end what holds the nodes, or add a node.',
};

export const unschedulableResources: Playbook = {
  category: 'unschedulable-resources',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/nodes are available: .*(?:Insufficient |Too many pods)/i, {
      refine: onlyIf('unschedulable-resources'),
    }),
    fact(/\bInsufficient (?<resource>cpu|memory|ephemeral-storage|pods|[\w.-]+\/[\w.-]+)\b/i, {
      unless: /nodes are available|for the Java Runtime|kubelet has insufficient/i,
      weight: 0.75,
    }),
    fact(/Node didn't have enough (?:resource|capacity): (?<resource>[\w./-]+)/i),
    // The kubelet's reason; runtimes write their own error with a capital.
    fact(/\bOutOf(?:cpu|memory|pods|ephemeral-storage|nvidia\.com\/gpu)\b/i, {
      unless: /OutOfMemory/,
    }),
    fact(/Range of CPUs is from [\d.]+ to [\d.]+, as there are only \d/i),
    fact(/no suitable node \(.*insufficient resources/i),
    // Nomad
    fact(/Dimension "?(?<resource>[\w -]+)"? exhausted on \d+ nodes?/i, { calm: true }),
    fact(/Resources exhausted on \d+ nodes?/i, { calm: true }),
    // Amazon ECS
    fact(/container-instance [\w-]+\) has insufficient (?<resource>memory|CPU units|GPU)/i, {
      calm: true,
    }),
    fact(/\bRESOURCE:(?<resource>MEMORY|CPU|GPU|ENI|PORTS_TCP)\b/, { calm: true }),
    fact(/Capacity is unavailable at this time|RunTask.*no container instances met/i),
    fact(/(?:Memory specification|CPU count per node) can not be satisfied/i),
    fact(/Requested node configuration is not available/i, { weight: 0.7 }),
    fact(/(?:Reason=|\()Resources(?:\)|\s|$)/i, { weight: 0.75 }),
    fact(/pod didn't trigger scale-up: .*(?:Insufficient |max node group size reached)/i, {
      weight: 0.6,
    }),
    fact(/No Container Instances were found in your cluster/i, { calm: true }),
    // Karpenter, Spark, the kubelet's topology manager
    fact(/\bno instance type satisfied resources \{/i),
    proof(/\bInitial job has not accepted any resources; check your cluster UI/i, {
      weight: 0.85,
      refine: ({ after }) =>
        after.some(({ message }) => /\b(?:Starting|Finished) task\b/.test(message)) ? null : {},
    }),
    fact(/\bTopologyAffinityError\b|\bResources cannot be allocated with Topology locality/i),
  ],
  inspect: (picture) =>
    ofStatus(picture, 'unschedulable-resources', /^(?:Unexpected)?OutOf[a-z]/, 0.85),
  extract: [/\d Insufficient (?<resource>[\w./-]+)/i],
  keywords: ['kubernetes', 'scheduling', 'resources'],
  summary: (situation) => {
    const resource =
      /Insufficient ([\w./-]*\w)/i.exec(situation.proof)?.[1] ?? situation.facts.resource;
    return `${who(situation)} cannot be placed: no node has enough free ${resource ?? 'resources'} for what it requests.`;
  },
  questions: (situation) =>
    schedulerOf(situation) === 'kubernetes'
      ? [
          ...askEvents(situation, 'shows what the scheduler misses on which nodes'),
          ...askDescribe(situation, 'shows what the pod requests'),
        ]
      : [],
  collect: (situation) => looks[schedulerOf(situation)](situation).map(({ command }) => command),
  advice: (situation) => ({
    summary: advice[schedulerOf(situation)],
    commands: looks[schedulerOf(situation)](situation),
  }),
};
