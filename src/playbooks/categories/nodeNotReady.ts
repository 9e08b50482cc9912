import { askEvents, who } from '../commands';
import { seen } from '../inspected';
import {
  fact,
  symptom,
  type Finding,
  type Match,
  type Playbook,
  type Refinement,
} from '../playbook';
import type { Picture } from '../read/picture';
import { describeNode } from './nodePressure';

/** Nodes that are gone, among others, keep nobody from starting elsewhere. */
function onlyReason({ line }: Match): Refinement | null {
  const all = /\b(\d+)\/(\d+) nodes are available/i.exec(line.message);
  const gone = [
    ...(line.message
      .split(/preemption:/i)[0]
      ?.matchAll(
        /\b(\d+) node\(s\) (?:had (?:untolerated )?taint \{node\.kubernetes\.io\/(?:not-ready|unreachable)|were not ready)/gi,
      ) ?? []),
  ];
  const count = gone.reduce((sum, match) => sum + Number(match[1]), 0);
  return all && count >= Number(all[2]) ? {} : { weight: 0.4, role: 'symptom' };
}

/** The runtime starts before the network's plugin is there, and says so every time. */
const atStart = /failed to load cni during init/i;

export const nodeNotReady: Playbook = {
  category: 'node-not-ready',
  layer: 'origin',
  severity: 'critical',
  signals: [
    fact(/Node (?<node>[\w.-]+) status is now: NodeNotReady/i),
    fact(/Kubelet stopped posting node status/i),
    fact(/\bNodeStatusUnknown\b/i, { weight: 0.85 }),
    fact(/marking all pods on node .* as not ready|Node is not ready\b/i, {
      weight: 0.8,
      unless: /calico\/node is not ready/i,
    }),
    fact(/(?:taint \{node\.kubernetes\.io\/(?:not-ready|unreachable)|node\(s\) were not ready)/i, {
      refine: onlyReason,
    }),
    fact(/container runtime (?:network not ready|is down)|runtime network not ready/i),
    fact(
      /NetworkReady=false|\bNetworkPluginNotReady\b|cni (?:plugin not initialized|config uninitialized)/i,
      { unless: atStart },
    ),
    // As it starts, the kubelet has not yet asked.
    fact(/PLEG is not healthy/i, { weight: 0.85, unless: /has yet to be successful/i }),
    fact(/Unable to update node status.*(?:exceeds retry count|update node status)/i, {
      weight: 0.8,
    }),
    fact(/Taint\w*: Marking for deletion Pod|TaintManagerEviction/i, { weight: 0.5 }),
    fact(/Node (?<node>[\w.-]+) (?:is )?(?:unreachable|is down|not responding)\b/i, {
      weight: 0.75,
      unless: /\bTarget node is\b/, // RabbitMQ's tools
    }),
    fact(/no suitable node \(\d+ nodes? not available for new tasks\)/i, { weight: 0.75 }),
    fact(/heartbeat failure for node in|heartbeat failure$/i, { weight: 0.8 }),
    fact(/Nodes? \S+ not responding, setting DOWN|NODE_FAIL|DUE TO NODE FAILURE/i),
    symptom(/\bNodeNotReady\b|\bNodeLost\b/i, { weight: 0.6 }),
    fact(/\bfailed to run Kubelet: /i, { weight: 0.65 }),
    // node-problem-detector
    fact(
      /\bNode condition (?:KernelDeadlock|\w{0,20}RuntimeUnhealthy|KubeletUnhealthy) is now: True/i,
      {
        weight: 0.85,
      },
    ),
  ],
  inspect: notReady,
  keywords: ['kubernetes', 'node', 'kubelet'],
  summary: (situation) => {
    const { node } = situation.facts;
    return `The node${node ? ` ${node}` : ''} is not ready, so ${who(situation)} is not served from it: ${whyOf(situation.proof)}.`;
  },
  questions: (situation) =>
    askEvents(situation, 'shows since when the node is gone, and what with it'),
  collect: (situation) => [
    'kubectl get nodes -o wide',
    describeNode(situation),
    'journalctl -u kubelet -u containerd --since "1 hour ago" (on the node)',
  ],
  advice: (situation) => ({
    summary:
      'Bring the node back (kubelet, container runtime, network plugin, the machine itself), or replace it. Pods move by themselves after five minutes, except those that a StatefulSet or an attached volume holds.',
    commands: [
      { title: 'See the nodes', command: 'kubectl get nodes -o wide' },
      { title: 'See its conditions and events', command: describeNode(situation) },
      { title: 'See what the kubelet says (on the node)', command: 'journalctl -u kubelet -n 100' },
    ],
  }),
};

function whyOf(line: string): string {
  if (/PLEG/i.test(line)) return 'its runtime does not answer the kubelet in time';
  if (/network|cni/i.test(line)) return 'its network plugin is not set up';
  if (/runtime/i.test(line)) return 'its container runtime is down';
  if (/stopped posting|Unknown|unreachable|heartbeat|respond/i.test(line)) {
    return 'its kubelet no longer reports';
  }
  return 'the control plane lets nothing run there';
}

/** Shortages of the node that explain why it is not ready. */
const shortage = /^(?:Memory|Disk|PID)Pressure$/;

function notReady(picture: Picture): Finding[] {
  const ofNodes = picture.conditions.filter(({ object }) => object.startsWith('node/'));
  const short = new Set(
    ofNodes.filter((it) => shortage.test(it.type) && it.status === 'True').map((it) => it.object),
  );
  return ofNodes
    .filter((it) => it.type === 'Ready' && it.status !== 'True' && !short.has(it.object))
    .map((it) =>
      seen('node-not-ready', 'condition', it.citation, {
        facts: { node: it.object.replace('node/', '') },
      }),
    );
}
