import { askDescribe, askServiceLogs, place, podName, who } from '../commands';
import { blamePeer } from '../peers';
import { proof, type Match, type Playbook, type Refinement } from '../playbook';

const blame = blamePeer('dns-failure');

/** A known peer is blamed for its own name only; a resolver that does not answer is the fault itself. */
function peerOrResolver(match: Match): Refinement | null {
  return /SERVFAIL|server misbehaving|lookup \S{1,253} on \S{1,80}: (?:read|dial|write) /i.test(
    match.line.message,
  )
    ? {}
    : blame(match);
}

const named = { refine: peerOrResolver, weight: 0.85 };

export const dnsFailure: Playbook = {
  category: 'dns-failure',
  layer: 'network',
  severity: 'high',
  signals: [
    proof(/getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?<host>[\w.-]+)/i, named),
    proof(/\bENOTFOUND\b|\bEAI_AGAIN\b|\bEAI_NONAME\b/i, {
      refine: peerOrResolver,
      unless: /npm|registry\.yarnpkg/i,
    }),
    proof(
      /lookup (?<host>[\w.-]+)(?: on \S+)?: (?:no such host|server misbehaving|Temporary failure|i\/o timeout|read udp|dial udp)/i,
      named,
    ),
    proof(/\bdial \w{3,4}: lookup (?<host>[\w.-]{1,253}): connection timed out/i, named),
    proof(/lookup (?<host>[\w.-]+) on \S+: /i, { refine: peerOrResolver }),
    proof(/no such host\b/i, { refine: peerOrResolver }),
    proof(
      /(?:Temporary failure in name resolution|Name or service not known|Name does not resolve)/i,
      named,
    ),
    proof(/failed to lookup address information/i, named),
    proof(
      /plugin\/errors: \d+ (?<host>[\w.-]+\w)\.? A{1,4}: [^\n]*(?:i\/o timeout|refused|unreachable)/i,
      { weight: 0.85 },
    ),
    proof(/dns resolution for (?<host>[\w.-]+) failed/i, named),
    proof(/dns resolution fail(?:ed|ure)(?: for (?<host>[\w.-]*\w))?/i, named),
    proof(
      /nodename nor servname provided|No address associated with (?:hostname|name)|Name has no usable address/i,
      named,
    ),
    proof(/UnknownHostException:? (?<host>[\w.-]+)/i, named),
    proof(/UnknownHostException|Unknown host\b|gaierror/i, { refine: peerOrResolver }),
    proof(/could not translate host name ["'\\]*(?<host>[\w.-]+)/i, named),
    proof(/Could not resolve host(?:name)?:? ["']?(?<host>[\w.-]+)/i, named),
    proof(
      /(?:failed to|cannot|can't|could not|unable to) resolve (?:host(?:name)?|name|address|domain)[ :]+["'`]?(?<host>[\w.-]+)?/i,
      {
        refine: peerOrResolver,
      },
    ),
    proof(/getaddrinfo[^:]{0,40}failed|php_network_getaddresses/i, named),
    proof(/(?:Failed to open TCP connection to (?<host>[\w.-]+):\d+ )?\(getaddrinfo/i, {
      refine: peerOrResolver,
    }),
    // BusyBox's nc, wget, ping and telnet
    proof(/\bbad address ["'‘](?<host>[\w.-]+)/i, named),
    proof(/host not found in upstream ["'](?<host>[\w.-]+)/i, { weight: 0.9 }),
    proof(/(?<host>[\w.-]{1,253}) could not be resolved \(\d+: [^)]*\)/i, { weight: 0.85 }),
    proof(/Unknown MySQL server host ["'](?<host>[^"']+)/i, named),
    proof(/could not resolve address ["']?(?<host>[\w.-]+)/i, named),
    proof(/No such host is known/i, named),
    // Mail servers: what bounces is a recipient's mistake, what is put off is the resolver's
    proof(/Name service error for name=(?<host>[\w.-]+)/i, { ...named, unless: /status=bounced/i }),
    proof(/(?<host>[\w.-]{1,253}): host name lookup failure/i, named),
    // Perl's LWP
    proof(/Can't connect to (?<host>[\w.-]+):\d+ \(Bad hostname/i, named),
    proof(/\bNXDOMAIN\b|\bSERVFAIL\b/i, { unless: /\b(?:NOERROR|cache)\b/i, weight: 0.6 }),
    proof(/DnsNameResolverTimeoutException|DnsErrorCauseException/i, named),
    // nginx, whose own resolver does not answer; httpd, HAProxy, Squid
    proof(/\bwhile resolving, resolver: (?<host>[\d.]{7,15}):(?<port>\d+)/i, { weight: 0.9 }),
    proof(
      /\bAH00898: DNS lookup failure for: (?<host>[\w.-]+)|\bUnable to determine IP address from host name "?(?<host2>[\w.-]+)/i,
      named,
    ),
    proof(/\bgoing DOWN for maintenance \(DNS (?:NX|timeout|refused) status\)/i, { weight: 0.8 }),
    // Node: of a server that answers with nothing the name is to blame, else the resolver itself
    proof(/\bquery[A-Z][a-z]{0,8} (?:ESERVFAIL|ETIMEOUT|EREFUSED|ECONNREFUSED) (?<host>[\w.-]+)/i, {
      weight: 0.85,
    }),
    proof(/\bquery[A-Z][a-z]{0,8} (?:ENODATA|ENOTFOUND) (?<host>[\w.-]+)/i, named),
    // .NET, Vert.x, curl, c-ares, hickory, apt and apk
    proof(/SocketException \((?:0x)?00000001, 11\)/i, { refine: peerOrResolver, weight: 0.8 }),
    proof(
      /\bfailed to resolve '(?<host>[\w.-]{1,253})'\. Exceeded max queries per resolve/i,
      named,
    ),
    proof(/\bResolving timed out after \d+ milliseconds|\bcould not contact DNS servers\b/i, {
      weight: 0.9,
    }),
    proof(/\bno records? found for Query \{ name: Name\("(?<host>[\w.-]{1,253})/i, named),
    proof(/\bTemporary failure resolving '(?<host>[\w.-]{1,253})'|: DNS lookup error$/i, named),
    proof(/\bName resolution failed for target (?:dns:\/{0,3})?(?<host>[\w.-]+)/i, named), // gRPC
    // Name servers
    proof(
      /\bno nameservers found in \S{0,100}resolv\.conf|\bMaximum number of concurrent DNS queries reached/i,
      { weight: 0.85 },
    ),
  ],
  recovery: [
    /^Get:\d+ https?:|^Fetched \d|\bresolved [\w.-]{1,253} to [\d.]+/i,
    /(?:resolved|connected|reconnected) (?:to )?[\w.-].*(?:after|again|ok|successfully)/i,
    /connect(?:ed|ion established)/i,
  ],
  keywords: ['network', 'dns'],
  summary: (situation) => {
    const { host } = situation.facts;
    return `${who(situation)} cannot resolve ${host ? `the name ${host}` : 'the name of a service that it calls'}: the name does not exist, or the resolver does not answer.`;
  },
  questions: (situation) => [
    ...askServiceLogs(situation, 'shows whether one name fails or all of them'),
    ...askDescribe(situation, 'shows the namespace and the DNS policy'),
  ],
  collect: (situation) => [
    `kubectl exec ${podName(situation)}${place(situation)} -- nslookup ${situation.facts.host ?? '<host>'}`,
    'kubectl get pods -n kube-system -l k8s-app=kube-dns',
    `kubectl get services${place(situation)}`,
  ],
  advice: (situation) => ({
    summary: `Correct the host name${situation.facts.host ? ` ${situation.facts.host}` : ''} or create the Service that it should name; if every name fails, look at the cluster's DNS.`,
    commands: [
      {
        title: 'Resolve it from the pod',
        command: `kubectl exec ${podName(situation)}${place(situation)} -- nslookup ${situation.facts.host ?? '<host>'}`,
      },
      { title: 'See which Services exist', command: `kubectl get services${place(situation)}` },
      {
        title: 'See whether the cluster’s DNS runs',
        command: 'kubectl get pods -n kube-system -l k8s-app=kube-dns',
      },
    ],
  }),
};
