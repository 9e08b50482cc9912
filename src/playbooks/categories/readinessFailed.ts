import { appName, askDescribe, askHealth, currentLogs, describePod, place, who } from '../commands';
import { fact, proof, symptom, type Finding, type Playbook } from '../playbook';
import { probeOutcome, readiness } from './probes';
import type { Picture } from '../read/picture';

export const readinessFailed: Playbook = {
  category: 'readiness-failed',
  layer: 'probe',
  severity: 'high',
  signals: [
    proof(/\b(?:is|are|still) not (?:yet )?ready: (?:HTTP )?5\d\d/i, {
      facts: { probe: 'readiness' },
    }),
    proof(
      /(?:did not|didn't|never) (?:become|became|get|turn) (?:ready|healthy)|failed (?:its |the )?(?:readiness|health) ?checks?/i,
      { weight: 0.7, facts: { probe: 'readiness' } },
    ),
    symptom(
      /health ?check[^.]{0,40}(?:fail|timed? ?out|unhealthy)|marked (?:as )?unhealthy|(?:backend|target|server|instance|upstream) \S+ (?:is )?(?:unhealthy|not ready)/i,
      { weight: 0.4 },
    ),
    fact(/Readiness probe (?:failed|errored)/i, { refine: readiness }),
    fact(/dependency failed to start: container \S+ is unhealthy/i, {
      facts: { probe: 'readiness' },
    }),
    fact(/Health check for (?:backup )?server \S+ failed, reason: Layer\d/i, {
      facts: { probe: 'readiness' },
    }),
    fact(/failed readiness probe/i, { facts: { probe: 'readiness' } }),
    proof(
      /readiness (?:check|probe|endpoint)\w* (?:returned|answered|responded)(?: with)? (?:HTTP )?5\d\d/i,
      {
        weight: 0.65,
        facts: { probe: 'readiness' },
      },
    ),
    symptom(
      /"?(?:GET|HEAD) (?<path>\/(?:[\w.-]+\/){0,3}(?:ready|readyz|readiness|healthz?|health\/ready\w*|health\/readiness|actuator\/health))(?:\?\S*)?(?: HTTP\/[\d.]+)?"?:? (?:- |-> |→ |status=)?5\d\d\b/i,
      { weight: 0.45, facts: { probe: 'readiness' } },
    ),
    // The platform's own request: whatever it asks, this is how the probe is answered.
    symptom(
      /"?GET (?<path>\/\S*)(?: HTTP\/[\d.]+)?"?:? (?:- |-> |status=)?[45]\d\d\b[^\n]{0,80}kube-probe\//i,
      { weight: 0.45, facts: { probe: 'readiness' } },
    ),
    // Varnish asks its backends by itself. The number before is that of no transaction.
    fact(/_health +- [\w.()-]+ (?:Went|Still) sick\b/i, {
      facts: { probe: 'readiness' },
    }),
    fact(/health_status: unhealthy/i, { facts: { probe: 'readiness' } }),
    fact(/Server \S+ is DOWN, reason: Layer\d/i, { facts: { probe: 'readiness' } }),
    fact(/Health checks failed with these codes/i, { facts: { probe: 'readiness' } }),
    symptom(/no live upstreams while connecting to upstream/i),
    symptom(/Health check for service \S+ failed|Check (?:.* )?is now critical/i, {
      weight: 0.6,
    }),
    symptom(/readiness (?:check|probe|health)[^.]* (?:fail|timed? ?out|unhealthy|not ready)/i),
    symptom(/has no server available!|no endpoints available for service/i),
    // Amazon ECS
    fact(/failed (?:container|elb|load balancer) health checks|is unhealthy in target-group/i, {
      facts: { probe: 'readiness' },
    }),
  ],
  inspect: (picture) => notReady(picture),
  recovery: [
    /\bCheck is now passing\b/i,
    /\bBackend_health\b[^\n]{0,80}\b(?:Went|Back|Still) healthy\b|is UP, reason: Layer|Server \S+ is UP\b|Health check for (?:backup )?server \S+ succeeded|has reached a steady state|health_status: healthy|readiness (?:probe|check) (?:ok|passed|succeeded)/i,
  ],
  keywords: ['kubernetes', 'probe', 'health'],
  summary: (situation) => {
    const { probePath, probePort, listenPort } = situation.facts;
    const target = probePort
      ? ` (${probePath ?? 'port'}${probePath ? ' at port' : ''} ${probePort})`
      : '';
    const elsewhere =
      listenPort && probePort && listenPort !== probePort
        ? ` The program listens on ${listenPort}.`
        : '';
    return `${who(situation)} runs but gets no traffic, because its readiness check${target} fails: ${probeOutcome(situation.proof)}.${elsewhere}`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows the probe and how it fails'),
    ...askHealth(situation, 'shows whether the service answers at all'),
  ],
  collect: (situation) => [
    describePod(situation),
    currentLogs(situation),
    `kubectl get endpoints ${appName(situation)}${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'Let the probe ask where and what the program serves, or mend what the health check reports.',
    commands: [
      { title: 'See the probe and its failures', command: describePod(situation) },
      { title: 'See what the program says', command: currentLogs(situation) },
    ],
  }),
};

/** Docker's health check has no event of its own in `inspect` and `ps`. */
function notReady(picture: Picture): Finding[] {
  return picture.pods
    .filter((pod) => pod.ready?.value === false && /unhealthy/.test(pod.ready.citation.text))
    .flatMap((pod): Finding[] =>
      pod.ready
        ? [
            {
              category: 'readiness-failed',
              key: 'readiness-failed:health',
              role: 'fact',
              weight: 0.7,
              citation: pod.ready.citation,
              facts: { probe: 'readiness', container: pod.name },
              mechanism: null,
              app: pod.app,
              order: 0,
            },
          ]
        : [],
    );
}
