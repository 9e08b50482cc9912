import { appName, askEvents, place, who } from '../commands';
import { seen } from '../inspected';
import { fact, proof, symptom, type Finding, type Playbook } from '../playbook';
import type { Picture } from '../read/picture';

export const ingressMisconfigured: Playbook = {
  category: 'ingress-misconfigured',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/\bkubernetes service not found: [\w.-]+\/[\w.-]+/i, { weight: 0.85 }),
    fact(/couldn't auto-discover subnets|Translation failed: invalid ingress spec/i, {
      weight: 0.9,
    }),
    fact(/Error obtaining Endpoints for Service "?(?<service>[\w./-]+)"?: no object matching key/i),
    fact(
      /(?:Error getting|failed to get) (?:service|endpoints) .*(?:no object matching key|service not found)/i,
    ),
    fact(
      /[Ii]ngress\b.*\b(?:does not contain a valid IngressClass|ingress class \S+ (?:not found|does not exist))/,
    ),
    fact(
      /(?:ingress|Translation failed).*(?:could not find|cannot find|unknown) (?:service|port) /i,
    ),
    fact(
      /(?:AddedOrUpdatedWithError|Rejected)\b.*(?:Ingress|VirtualServer)|Ingress \S+ (?:was|is) (?:rejected|invalid)/i,
      { unless: /rejected by webhook/i },
    ),
    // Kong
    fact(/\bcan't find port '[\w.-]+' for service [\w.-]+/i, { weight: 0.75 }),
    fact(/Service "?[\w./-]+"? does not have (?:the|a|any) port\b[^\n]{0,60} referenced by/i),
    // Where the check itself was killed, nothing is known of the ingress.
    fact(/validate\.nginx\.ingress\S* denied the request/i, {
      weight: 0.95,
      refine: ({ after }) =>
        after.some(({ message }) => /\bsignal: killed\b/.test(message)) ? null : {},
    }),
    fact(/host "?\S+"? and path "?\S+"? is already defined in ingress/i),
    fact(/Failed (?:build model|deploy model) due to/i, {
      weight: 0.8,
      unless: /RequestError: send request failed|dial tcp/i,
    }),
    fact(
      /\b(?:BackendNotFound|NoMatchingParent|NotAllowedByListeners|InvalidBackendRef|RefNotPermitted)\b/i,
      {
        weight: 0.8,
      },
    ),
    proof(/Cannot create service.*service not found|the service "[\w@.-]+" does not exist/i),
    proof(
      /(?:middleware|router|entryPoint|service) "?[\w@.-]+"? (?:does not exist|doesn't exist)/i,
    ),
    proof(/error while (?:parsing rule|adding rule|creating middleware)/i),
    symptom(
      /secret "?[\w./-]+"? (?:does not exist|was not found).*(?:certificate|TLS)|local SSL certificate \S+ was not found/i,
      {
        weight: 0.6,
      },
    ),
    symptom(/default backend - 404/i, { weight: 0.5 }),
    proof(/ignoring ingress because of error while validating ingress class/i, { weight: 0.75 }),
    proof(
      /\bservice "[\w@.-]+" error: unable to find|unable to find the IP address for the container/i,
      {
        weight: 0.85,
      },
    ),
    // Traefik says it of every container without a port, and Envoy's flag NR may be a scanner's
    proof(/\bservice "[\w@.-]+" error: port is missing/i, { weight: 0.45 }),
    proof(/\b404 NR\b|\broute_not_found\b/i, { weight: 0.4 }),
    // ingress-nginx, which writes the file itself, and HAProxy's
    fact(/\[emerg\][^\n]{0,300}\/nginx-cfg\d+:\d+/i, { weight: 0.9 }),
    fact(/\bannotation group \w+ contains risky annotation\b/i, { weight: 0.85 }),
    fact(/\bskipping backend config of Ingress '(?<service>[\w./-]+)':/i, { weight: 0.85 }),
    // Traefik, Kong, Contour, Istio's analysis
    fact(/\bno port found for service \S|\bCannot create service: service port not found\b/i, {
      weight: 0.85,
    }),
    fact(/\bno KongPlugin or KongClusterPlugin was found for \S/i, { weight: 0.85 }),
    fact(/\bSpec\.(?:VirtualHost|Routes)\b[^\n]{0,200} is invalid: /i, { weight: 0.85 }),
    fact(/\[IST0101\] \(\w+ \S{1,300}\) Referenced [\w /-]{1,60} not found/i, { weight: 0.85 }),
    // Controllers of clouds, the gateway API
    fact(/\bBackendPortTargetMatchNotFound\b|\bbackend service not found: services? /i, {
      weight: 0.85,
    }),
    fact(/\bNoMatchingListenerHostname\b/, { weight: 0.8 }),
  ],
  extract: [
    /services "(?<host>[\w.-]+)" not found/i,
    /Service "?(?:[\w-]+\/)?(?<host>[\w.-]+)"?: no object matching key/i,
  ],
  inspect: (picture) => [...lost(picture), ...unclaimed(picture)],
  keywords: ['kubernetes', 'ingress', 'routing'],
  summary: (situation) => {
    const service = /services "([\w.-]+)" not found/i.exec(situation.proof)?.[1];
    const cls = /(?:ingressClassName: |Ingress Class:\s+)([\w.-]+)/i.exec(situation.proof)?.[1];
    const why = service
      ? `it leads to the service ${service}, which does not exist`
      : cls
        ? `no controller serves its class ${cls}`
        : 'what it names does not exist or is refused';
    return `Requests from outside do not reach ${who(situation)}, because the ingress is not right: ${why}.`;
  },
  questions: (situation) => askEvents(situation, 'shows what the ingress controller says of it'),
  collect: (situation) => [
    `kubectl describe ingress${place(situation)}`,
    `kubectl get services,ingressclasses${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'Name a service, a port and a class that exist; a rule must not take what another has.',
    commands: [
      {
        title: 'See the rules and where they lead',
        command: `kubectl describe ingress ${appName(situation)}${place(situation)}`,
      },
      { title: 'See the classes there are', command: 'kubectl get ingressclass' },
    ],
  }),
};

/** Rules that lead to services that do not exist. */
function lost(picture: Picture): Finding[] {
  return picture.lostBackends.map((it) =>
    seen('ingress-misconfigured', 'backend', it.citation, { weight: 0.95, app: it.value }),
  );
}

/** Classes that ingresses name and the list of classes does not hold. */
function unclaimed({ ingressClasses: { wanted, known } }: Picture): Finding[] {
  if (known.length === 0) return [];
  return wanted
    .filter(({ value }) => known.every((it) => it.value !== value))
    .map((it) => seen('ingress-misconfigured', 'class', it.citation, { weight: 0.95 }));
}
