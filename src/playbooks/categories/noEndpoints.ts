import { appName, askHealth, askPods, place, who } from '../commands';
import { seen } from '../inspected';
import { fact, proof, type Finding, type Match, type Playbook, type Refinement } from '../playbook';
import { isHealthy, type Picture } from '../read/picture';

/** Pods that are not well are why nobody serves. */
function unlessPodsFail({ picture }: Match): Refinement | null {
  return picture.pods.every(isHealthy) ? {} : { role: 'symptom', weight: 0.4 };
}

export const noEndpoints: Playbook = {
  category: 'no-endpoints',
  layer: 'peer',
  severity: 'critical',
  signals: [
    proof(/^no available server$/i, { weight: 0.75 }), // Traefik's answer
    proof(/\bbalancer has no endpoints\b|\bresolver error: produced zero addresses\b/i, {
      weight: 0.85,
      calm: true,
    }),
    proof(/No (?:servers|instances) available for (?:service:? )?(?<service>[\w.-]+)/i, {
      weight: 0.85,
    }),
    // HAProxy; where it says why its servers are down, that is surer.
    proof(/(?:backend|proxy) '?(?<service>[\w.-]+)'? has no server available!/i, { weight: 0.55 }),
    fact(/Service "?(?<service>[\w./-]+)"? does not have any active Endpoints?/i, {
      refine: unlessPodsFail,
    }),
    fact(/no endpoints available for service \\*"?(?<service>[\w./:-]+)/i, {
      unless: /webhook/i,
      refine: unlessPodsFail,
    }),
    fact(/(?:Skipping service: no endpoints found|no endpoints found for|has no endpoints)/i, {
      refine: unlessPodsFail,
    }),
    // Traefik: the route names a service that is not there, or that nobody serves.
    fact(
      /msg="(?:[\w ]{1,40}: )?(?:Endpoints|Service) not (?:found|available) for (?<service>[\w.-]+\/[\w.-]+)/,
      {
        weight: 0.8,
        refine: unlessPodsFail,
      },
    ),
    proof(/no (?:available )?endpoints?\b.*(?:cluster|service|for)/i, {
      weight: 0.6,
      refine: unlessPodsFail,
    }),
    // Envoy's flag UH: of the cluster's hosts none may be asked.
    proof(/HTTP\/[\d.]+" 503 UH\b|\bno_healthy_upstream\b/i, {
      weight: 0.65,
      refine: unlessPodsFail,
    }),
    proof(/no healthy (?:upstream\b|host for (?:HTTP|TCP) connection pool)/i, {
      weight: 0.65,
      refine: unlessPodsFail,
      unless: /overload/i,
    }),
    // Registries and balancers: Nacos, Dubbo, Spring, Ribbon, go-micro, Kong, APISIX, Caddy
    proof(/\bno host to srv for serviceInfo: (?<service>[\w.@-]+)/i, { weight: 0.85 }),
    proof(/\bNo provider available (?:from registry|for the service|in )/i, { weight: 0.85 }),
    proof(
      /\bLoad balancer does not (?:contain an instance for the service|have available server for client:) (?<service>[\w.-]+)/i,
      { weight: 0.88 },
    ),
    proof(/\bUnable to find instance for (?<service>[\w.-]+)/i, { weight: 0.85 }),
    proof(/\bgo\.micro\.client\b[^\n]{0,60}\bservice (?<service>[\w.-]{1,200}): not found/i, {
      weight: 0.8,
    }),
    proof(
      /\bfailure to get a peer from the ring-balancer|\bfailed to pick server: failed to find valid upstream|\bno upstreams available\b/i,
      { weight: 0.85 },
    ),
    proof(/\bFetchError +backend \S{1,120}: unhealthy/i, { weight: 0.75 }), // Varnish
    fact(/\bdrop \(Service backend not found\)/i, { weight: 0.88, refine: unlessPodsFail }),
    // All that there are were given up, for whatever reason: nginx, httpd, Linkerd
    proof(/\bno live upstreams while connecting to upstream|\bAH01167: /i, { weight: 0.55 }),
    proof(/\b(?:service|Balancer) in fail-fast\b/i, { weight: 0.55, refine: unlessPodsFail }),
  ],
  // Varnish, Linkerd
  recovery: [/- {1,10}RespStatus {1,10}200\b/i, /\bservice has recovered\b/i],
  inspect: unserved,
  keywords: ['kubernetes', 'service', 'endpoints'],
  summary: (situation) => {
    const { host } = situation.facts;
    const why = /no pod of the selector has a port named \S.*/.exec(situation.proof)?.[0];
    return `The service${host ? ` ${host}` : ''} has no endpoints: ${why ?? 'no ready pod matches its selector'}, so every call to it fails, and with it ${who(situation)}.`;
  },
  questions: (situation) => [
    ...askPods(situation, 'shows whether pods of the service run and are ready'),
    ...askHealth(situation, 'shows whether the service answers'),
  ],
  collect: (situation) => [
    `kubectl get endpointslices,services${place(situation)} -o wide`,
    `kubectl get pods${place(situation)} --show-labels`,
  ],
  advice: (situation) => ({
    summary:
      'Make the service’s selector match the labels of its pods and its target port one of their ports, and see that pods run (not scaled to zero) and are ready.',
    commands: [
      {
        title: 'See the selector and the endpoints',
        command: `kubectl describe service ${situation.facts.host ?? appName(situation)}${place(situation)}`,
      },
      {
        title: 'See the labels of the pods',
        command: `kubectl get pods${place(situation)} --show-labels`,
      },
    ],
  }),
};

/** Services without endpoints, unless pods of theirs are there and fail, and what was scaled to zero. */
function unserved(picture: Picture): Finding[] {
  return picture.unserved.flatMap(({ value, citation }) => {
    const failing = picture.pods.some((pod) => !isHealthy(pod));
    const facts = { host: value };
    const service = seen(
      'no-endpoints',
      'service',
      citation,
      failing ? { role: 'symptom', weight: 0.4, facts } : { facts },
    );
    const idle = picture.idle.filter((workload) => workload.value === value);
    return [
      service,
      ...idle.map((it) => seen('no-endpoints', 'idle', it.citation, { weight: 0.92, facts })),
    ];
  });
}
