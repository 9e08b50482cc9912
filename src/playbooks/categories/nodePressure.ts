import type { Category } from '../../incident/category';
import { askEvents, describePod, who } from '../commands';
import { isTrue, seen } from '../inspected';
import { fact, symptom, type Playbook, type Situation } from '../playbook';

/** What a node can be short of, with the words by which the platform names it. */
interface Shortage {
  category: Category;
  /** Condition of the node, for example `MemoryPressure`. */
  condition: string;
  /** As the kubelet names the resource, a part of an expression. */
  resource: string;
  /** Reason of the node's event. */
  reason: string;
  taint: string;
  /** For the summary: what ran out. */
  noun: string;
  keywords: readonly string[];
  advice: string;
  /** Shows on the node what uses it up. */
  look: { title: string; command: string };
}

/** The playbook of one thing that a node is short of: the kubelet evicts for it and lets nothing in. */
export function nodePressure(shortage: Shortage): Playbook {
  const { category, condition, resource, reason, taint } = shortage;
  return {
    category,
    layer: 'origin',
    severity: 'critical',
    signals: [
      fact(new RegExp(`The node was low on resource: (?:${resource})\\b`, 'i'), {
        weight: 0.95,
      }),
      fact(new RegExp(`The node had condition: .[\\w, ]*${condition}`, 'i'), { weight: 0.95 }),
      fact(new RegExp(`Node (?<node>[\\w.-]+) status is now: ${reason}`, 'i')),
      // The kubelet tells it at level info, in the form that its log has.
      fact(new RegExp(`Attempting to reclaim (?:${resource})\\b`, 'i'), { calm: true }),
      fact(
        new RegExp(`attempting to reclaim\\b.{0,120}\\bresourceName="?(?:${resource})\\b`, 'i'),
        { calm: true },
      ),
      fact(
        new RegExp(
          `must evict pod.{0,20} to reclaim\\b.{0,120}\\bresourceName="?(?:${resource})\\b`,
          'i',
        ),
        { weight: 0.8, calm: true },
      ),
      fact(new RegExp(`node\\(s\\) had (?:untolerated )?taint \\{${taint}`, 'i'), { weight: 0.85 }),
      symptom(new RegExp(`\\b${reason}\\b`, 'i'), { weight: 0.45 }),
      // The kubelet's own words for the condition, and for pods that it turns away
      fact(new RegExp(`type="?${condition}"? status="?True"? reason="?Kubelet`, 'i'), {
        calm: true,
      }),
      fact(
        new RegExp(`Failed to admit pod to node.{0,160}nodeCondition="?\\["?${condition}`, 'i'),
        { calm: true },
      ),
    ],
    recovery: [/\bable to reduce \S+ pressure without evicting pods/i],
    inspect: (picture) =>
      picture.conditions
        .filter((it) => it.object.startsWith('node/') && it.type === condition && isTrue(it))
        .map((it) =>
          seen(category, condition, it.citation, {
            weight: 0.9,
            facts: { node: it.object.replace('node/', '') },
          }),
        ),
    keywords: ['kubernetes', 'node', ...shortage.keywords],
    summary: (situation) =>
      `The node${nodeName(situation)} ran short of ${shortage.noun}, so the kubelet evicts pods and lets no new ones in: ${who(situation)} is a victim of it.`,
    questions: (situation) => askEvents(situation, 'shows the node’s state and what was evicted'),
    collect: (situation) => [describeNode(situation), describePod(situation)],
    advice: (situation) => ({
      summary: shortage.advice,
      commands: [
        {
          title: 'See the node’s conditions and what runs on it',
          command: describeNode(situation),
        },
        shortage.look,
      ],
    }),
  };
}

function nodeName({ facts }: Situation): string {
  return facts.node ? ` ${facts.node}` : '';
}

export function describeNode({ facts }: Situation): string {
  return `kubectl describe node ${facts.node ?? '<node>'}`;
}
