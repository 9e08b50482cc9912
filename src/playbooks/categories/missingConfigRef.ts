import { askDescribe, askEvents, describePod, place, who } from '../commands';
import { ofStatus } from '../inspected';
import { fact, proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';

const kinds: Readonly<Record<string, string>> = { configmap: 'ConfigMap', secret: 'Secret' };

/** `Secret/name`, `Secret/name#key` from what the message names. */
function reference({ groups }: Match): Refinement {
  const kind = kinds[(groups.kind ?? '').replace(/s$/, '').toLowerCase()];
  if (!kind || !groups.name) return {};
  const key = groups.key ? `#${groups.key}` : '';
  return { facts: { configReference: `${kind}/${groups.name.replace(/^.*\//, '')}${key}` } };
}

const pullSecret = /image pull secret|retrieve pull secret|FailedToRetrieveImagePullSecret/i;

export const missingConfigRef: Playbook = {
  category: 'missing-config-ref',
  layer: 'origin',
  severity: 'high',
  signals: [
    // Compose, and a Swarm that was asked for what it does not hold
    fact(/refers to undefined (?<kind>secret|config)s? (?<name>[\w.-]+)/i),
    fact(/desc = (?<kind>secret|config)s? not found: (?<name>[\w.-]+)/i),
    proof(/(?:Couldn't find|not find|no such|missing) env[ _-]?file:? (?<path>\S+)/i, {
      weight: 0.85,
    }),
    proof(/env file (?<path>\S+) not found/i, { weight: 0.85 }),
    fact(/(?<kind>configmap|secret)s? ["'\\]*(?<name>[\w./-]+)["'\\]* not found/i, {
      unless: pullSecret,
      refine: reference,
    }),
    fact(/couldn't find key (?<key>[\w.-]+) in (?<kind>ConfigMap|Secret) (?<name>[\w./-]+)/i, {
      refine: reference,
    }),
    fact(/references non-existent (?:config|secret) key: (?<key>[\w.-]+)/i),
    fact(/(?<kind>configmap|secret) references non-existent/i, { weight: 0.8 }),
    symptom(/object ["'\\]*[\w.-]+["'\\]*\/["'\\]*(?<name>[\w.-]+)["'\\]* not registered/i),
    fact(/(?:config|secret) not found: (?<name>[\w.-]+)/i),
    fact(/external (?:config|secret) ["'\\]*(?<name>[\w.-]+)["'\\]* not found/i),
    fact(/unsupported external (?:secret|config) (?<name>[\w.-]+)/i),
    symptom(/\bCreateContainerConfigError\b/i, { weight: 0.45 }),
    fact(
      /Secrets Manager can't find the specified secret|ResourceNotFoundException[^\n]{0,80}specified secret/i,
    ),
    // Stores of secrets and parameters that do not hold what they are asked for
    fact(/\(ParameterNotFound\) when calling the GetParameter/i),
    fact(/\bretrieve secrets? from ssm: [^\n]{0,120}invalid (?:ssm )?parameters/i),
    fact(/\bSecret \[projects\/[^\]\n]{1,200}\] not found or has no versions/i),
    fact(/\bvault\.read\([^)\n]{1,200}\): no secret exists at /i, { weight: 0.85 }),
    fact(/\bwas not found in this key vault\b|Code="SecretNotFound"/i),
    // Objects that others refer to
    fact(/\bReferenced "(?:Cluster)?Issuer" not found: /i),
    fact(/\bSecretStore\.external-secrets\.io "[\w.-]{1,120}" not found/i),
    fact(/\bRuntimeClass(?:\.node\.k8s\.io)? "[\w.-]{1,120}" not found/i),
  ],
  inspect: (picture) => ofStatus(picture, 'missing-config-ref', /CreateContainerConfigError/, 0.6),
  keywords: ['kubernetes', 'configuration'],
  summary: (situation) => {
    const { configReference } = situation.facts;
    const [object, key] = (configReference ?? '').split('#');
    const what = key
      ? `the key ${key} of ${object ?? ''}`
      : (object ?? '') || 'the ConfigMap or Secret that it names';
    return `${who(situation)} cannot start: ${what} does not exist${situation.facts.namespace ? ` in the namespace ${situation.facts.namespace}` : ''}.`;
  },
  questions: (situation) => [
    ...askEvents(situation, 'names the object that is missing'),
    ...askDescribe(situation, 'shows what the container refers to'),
  ],
  collect: (situation) => [
    describePod(situation),
    `kubectl get configmaps,secrets${place(situation)}`,
  ],
  advice: (situation) => ({
    summary: `Create ${situation.facts.configReference ?? 'what is missing'}, or correct the name that the workload uses. Contents of a Secret are never invented here.`,
    commands: [
      { title: 'See what exists', command: `kubectl get configmaps,secrets${place(situation)}` },
      {
        title: 'Look for the name in the repository',
        command: `git grep -n ${situation.facts.configReference?.replace(/^.*\/|#.*/g, '') ?? '<name>'}`,
      },
    ],
  }),
};
