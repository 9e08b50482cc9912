import { askServiceLogs, peerAt, place, podName, who } from '../commands';
import { fact, proof, type Playbook, type Situation } from '../playbook';

/** The same error of a listener means an address that the host does not have. */
const listening = /\bbind\(\)|\blisten\b|bind: |\bbind \[|Bind to port|could not bind|cannot bind/i;
const sure = { weight: 0.85, unless: listening };

export const portExhausted: Playbook = {
  category: 'port-exhausted',
  layer: 'origin',
  severity: 'critical',
  signals: [
    proof(/\bimmediate connect error: (?:99\b|Cannot assign requested address)/i, { weight: 0.9 }), // Envoy
    proof(/\bbind\([^)\n]{1,60}\) failed \(98: [^)\n]{1,60}\) while connecting to upstream/i, {
      weight: 0.9,
    }),
    proof(/\bephemeral port number from the global (?:TCP|UDP) port space has failed/i, {
      weight: 0.9, // Windows
    }),
    proof(/connect EADDRNOTAVAIL (?<host>[\w.:-]*\w):(?<port>\d+)/i, { weight: 0.9 }),
    proof(
      /dial tcp \[?(?<host>[\w.:-]*\w)\]?:(?<port>\d+): connect: cannot assign requested address/i,
      { weight: 0.9 },
    ),
    proof(/connect\(\) to \S+ failed \(99: [^)]*\) while connecting to upstream/i, { weight: 0.9 }),
    proof(/Cannot assign requested address/i, sure),
    proof(/\[Errno 99\]|\(os error 99\)|\bEADDRNOTAVAIL\b|Errno::EADDRNOTAVAIL/i, sure),
    proof(
      /NoRouteToHostException: Cannot assign requested|BindException: (?:Cannot assign requested|Address already in use)[^\n]*connect/i,
      { weight: 0.85 },
    ),
    proof(
      /(?:no more|out of|ran out of|no free|exhausted) (?:ephemeral|local|source|outgoing) ports?|(?:ephemeral|local|source|SNAT) ports? (?:range )?(?:are |is )?exhaust(?:ed|ion)/i,
      { weight: 0.9 },
    ),
    proof(/Cannot bind to source address before connect|no free ports\b/i, { weight: 0.8 }),
    fact(/nf_conntrack: (?:nf_conntrack: )?table full, dropping packet/i, { weight: 0.85 }),
    proof(/system lacked sufficient buffer space or because a queue was full/i, { weight: 0.85 }),
    // A gateway of a cloud, Windows
    fact(/\ballocation_status["']?[=:] ?"?DROPPED\b/i, { weight: 0.9 }),
    fact(/\bselected local endpoint was recently used to connect to the same remote endpoint/i, {
      weight: 0.9,
    }),
  ],
  keywords: ['network', 'limits'],
  summary: (situation) =>
    `${who(situation)} has no local port left for another connection to ${peerAt(situation, 'its peer')}: connections are opened faster than the system forgets the closed ones.`,
  questions: (situation) => askServiceLogs(situation, 'shows how many connections it opens'),
  collect: (situation) => [
    sockets(situation),
    'sysctl net.ipv4.ip_local_port_range net.ipv4.tcp_tw_reuse',
  ],
  advice: (situation) => ({
    summary:
      'Keep connections and use them again (keep-alive, one client for all requests, a pool) instead of opening one for each call. A wider port range or tcp_tw_reuse only gives time.',
    commands: [
      { title: 'See the sockets by state', command: sockets(situation) },
      {
        title: 'See the range',
        command: 'sysctl net.ipv4.ip_local_port_range net.ipv4.tcp_tw_reuse',
      },
    ],
  }),
};

const sockets = (situation: Situation): string =>
  `kubectl exec ${podName(situation)}${place(situation)} -- sh -c 'ss -tan | cut -d" " -f1 | sort | uniq -c'`;
