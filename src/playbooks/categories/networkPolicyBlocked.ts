import { askEvents, place, who } from '../commands';
import { seen } from '../inspected';
import { fact, proof, type Match, type Playbook, type Refinement } from '../playbook';

/** A call that gets no answer, where policies keep calls away. */
function underPolicy({ picture }: Match): Refinement | null {
  const { policies } = picture;
  if (policies.length === 0) return null;
  return policies.some((policy) => policy.closed) ? { weight: 0.8 } : { weight: 0.65 };
}

export const networkPolicyBlocked: Playbook = {
  category: 'network-policy-blocked',
  layer: 'origin',
  severity: 'high',
  signals: [
    // Cilium's flows as JSON
    fact(/drop_reason_desc["':= ]{1,6}POLICY_DENIED/i),
    fact(/(?:drop|denied).*Policy denied/i),
    // Calico: the action Log of a rule, as it stands before the one that denies. Who is let through
    // goes on to speak.
    fact(/\bcalico-packet: IN=\S{1,40} OUT=\S{0,40} [^\n]{1,300} SYN URGP=/, {
      weight: 0.65,
      refine: ({ before, after }) =>
        [...before, ...after].some(({ text }) => / ACK (?:\w{3} )?(?:FIN )?URGP=/.test(text))
          ? null
          : {},
    }),
    fact(/Policy denied(?: by denylist)?\b.*(?:DROPPED|drop|->)/i),
    fact(/policy-verdict:\S* .*(?:DENIED|DROPPED)/i),
    fact(
      /(?:denied|blocked|dropped|rejected) by (?:a |the )?(?:Cilium|Calico|Global)?Network ?Policy/i,
    ),
    fact(/NetworkPolicy\b.* (?:denies|blocks|drops|denied|blocked)/i, { weight: 0.75 }),
    proof(/timed? ?out\b|timeout\b|\bETIMEDOUT\b|deadline exceeded/i, { refine: underPolicy }),
    // The agents of Antrea, GKE and OVN, each in its own form; Istio without a way out
    fact(/\bAntreaPolicy\w{1,30} [^\n]{1,200} (?:Drop|Reject) \d/, { weight: 0.85 }),
    fact(/\bdisposition["']?[=:] ?"?deny\b/i, { weight: 0.85, calm: true }),
    fact(/\bacl_log\(\w{1,40}\)\|[^\n]{0,160}\bverdict=(?:drop|reject)\b/i, {
      weight: 0.85,
      calm: true,
    }),
    fact(/(?:" |upstream_cluster["':= ]{1,4})BlackHoleCluster\b/, { weight: 0.85 }),
    fact(/\bblocked by Weave NPC\b/i, { weight: 0.85 }),
    // The kernel's answer to a program whose packet a rule dropped
    proof(/\bdial \w{3,4} \S{1,60}: connect: operation not permitted/i, { weight: 0.7 }),
  ],
  inspect: (picture) =>
    picture.policies.flatMap(({ citations, closed }) =>
      citations.map((citation, at) =>
        seen('network-policy-blocked', `policy ${at}`, citation, {
          role: 'symptom',
          weight: closed ? 0.4 : 0.3,
        }),
      ),
    ),
  keywords: ['kubernetes', 'network', 'policy'],
  summary: (situation) =>
    `${who(situation)} gets no answer, because a network policy does not let the call through: packets are dropped, so it times out.`,
  questions: (situation) => askEvents(situation, 'shows whether the peer itself is well'),
  collect: (situation) => [
    `kubectl describe networkpolicy${place(situation)}`,
    `kubectl get pods${place(situation)} --show-labels`,
  ],
  advice: (situation) => ({
    summary:
      'Allow exactly this call: a rule for the pods that call, to the port that they call (and for DNS to port 53, where egress is closed). A policy that allows all is never proposed here.',
    commands: [
      {
        title: 'See what the policies allow',
        command: `kubectl describe networkpolicy${place(situation)}`,
      },
      {
        title: 'See the labels that they go by',
        command: `kubectl get pods${place(situation)} --show-labels`,
      },
    ],
  }),
};
