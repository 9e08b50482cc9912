import { askEvents, place, recentEvents, who } from '../commands';
import { fact, proof, type Playbook } from '../playbook';

/** Refused for a quota, or by nobody because the webhook does not answer. */
const other = /exceeded quota|failed calling webhook|failed to call webhook/i;
/** An ingress that its own controller refuses. */
const ofIngress = /validate\.nginx\.ingress/i;

export const admissionDenied: Playbook = {
  category: 'admission-denied',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/admission webhook "?\\*"?(?<webhook>[\w.-]+)\\*"? denied the request/i, {
      weight: 0.95,
      unless: ofIngress,
    }),
    fact(/ValidatingAdmissionPolicy '[^']+' with binding '[^']+' denied request/i, {
      weight: 0.95,
    }),
    fact(/is forbidden: violates PodSecurity/i, { weight: 0.95 }),
    fact(
      /is forbidden: .*(?:maximum|minimum) (?:cpu|memory|storage|ephemeral-storage|[\w./-]+) usage per (?:Container|Pod|PersistentVolumeClaim)/i,
      {
        weight: 0.95,
      },
    ),
    // YAML folds the sentence anywhere
    fact(
      /\bper (?:Container|Pod|PersistentVolumeClaim) is [\w.]+, but (?:request|limit|provided ratio|no (?:request|limit)) is\b/i,
      { weight: 0.9 },
    ),
    fact(/is forbidden: failed quota: .*must specify/i),
    fact(/unable to validate against any (?:security context constraint|pod security policy)/i, {
      weight: 0.95,
    }),
    fact(/is forbidden: error looking up service account (?<account>\S+):/i, { weight: 0.85 }),
    fact(/is forbidden: (?:no PriorityClass with name|pod rejected|PodSecurityPolicy)/i, {
      unless: other,
    }),
    fact(
      /namespaces? "[\w.-]+" not found|unable to create new content in namespace \S+ because it is being terminated/i,
      {
        weight: 0.75,
      },
    ),
    proof(/denied by (?:policy|kyverno|gatekeeper|OPA)|policy \S+ (?:fail|denied): /i, {
      weight: 0.7,
    }),
    fact(/\bforbidden sysctl: "[\w./-]+" not (?:allow|white)listed/i), // kubelet
  ],
  extract: [/violates PodSecurity \\*"[^"]+": (?<violations>.*)$/i],
  keywords: ['kubernetes', 'admission', 'policy'],
  summary: (situation) => {
    const rule =
      /webhook "?\\*"?([\w.-]+)|AdmissionPolicy '([^']+)'|violates (PodSecurity "?\\*"?[\w:]+)/i.exec(
        situation.proof,
      );
    const by = rule?.[1] ?? rule?.[2] ?? rule?.[3]?.replace(/["\\]/g, '');
    return `${who(situation)} cannot be created: the cluster refuses it at admission${by ? ` (${by})` : ''}, because it breaks a rule of the cluster.`;
  },
  questions: (situation) => askEvents(situation, 'shows which rule refuses what'),
  collect: (situation) => [recentEvents(situation), `kubectl get replicasets${place(situation)}`],
  advice: (situation) => ({
    summary:
      'Change the workload so that it keeps the rule; the message names the field. The rule itself is never weakened here.',
    commands: [
      { title: 'See what is refused', command: recentEvents(situation) },
      {
        title: 'See the limits and rules of the namespace',
        command: `kubectl describe limitrange,resourcequota${place(situation)}`,
      },
    ],
  }),
};
