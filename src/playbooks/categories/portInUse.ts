import { askDescribe, askPreviousLogs, describePod, who } from '../commands';
import { fact, proof, type Playbook } from '../playbook';

/** A listener can fail for other reasons: rights, an address that the host does not have. */
const otherReason =
  /permission denied|EACCES|\(13:|cannot assign requested|EADDRNOTAVAIL|\(99:|denied|no such file/i;
/** The other instance holds the data folder. */
const ofFolder = /\block file\b/i;

/** A proxy that has no port left for its own requests. */
const outgoing = /while connecting to upstream/i;

export const portInUse: Playbook = {
  category: 'port-in-use',
  layer: 'origin',
  endsProgram: true,
  severity: 'high',
  signals: [
    proof(
      /(?:server|process|instance|postmaster|daemon) (?:is )?already (?:running|listening)(?: on port (?<port>\d+))?/i,
      { weight: 0.6, unless: ofFolder },
    ),
    proof(
      /(?:cannot|could not|can't|failed to|unable to) (?:bind|listen)(?: \w+){0,3}:? (?:to|on|socket)?:? ?(?:\w+ ){0,3}[^\s,;]*(?::|port )(?<port>\d{2,5})\b/i,
      { weight: 0.6, unless: otherReason },
    ),
    proof(/\[(?:ALERT|ERROR)\].*cannot bind socket/i, { weight: 0.7, unless: otherReason }),
    proof(/(?:bind|listen\w*)(?: \w+){0,2} (?:on|to) port (?<port>\d+)[^.]{0,20}(?:fail|abort)/i, {
      weight: 0.6,
      unless: otherReason,
    }),
    proof(
      /(?:unable|failed) to (?:open|create) (?:a |an )?(?:TCP |server )?(?:listening|server shutdown) socket/i,
      {
        weight: 0.6,
        unless: otherReason,
      },
    ),
    proof(/no listening sockets available, shutting down/i, { weight: 0.6 }),
    proof(
      /\b(?:port|address|socket) (?:is |was |has been )?already (?:in use|taken|bound|used)\b/i,
      {
        weight: 0.8,
        unless: outgoing,
      },
    ),
    proof(
      /\bport (?<port>\d+) (?:is |was )?(?:already )?(?:in use|bound|taken|occupied|allocated)\b/i,
      {
        weight: 0.85,
      },
    ),
    proof(
      /(?:something|another (?:process|program|\w+ instance|instance of \w+)) (?:is |seems to )?(?:already |be )?(?:running|listen|listening) (?:already )?(?:on|at) (?:\S+ )?(?:port|address|\/)/i,
      { unless: ofFolder },
    ),
    proof(
      /another (?:\w+ )?instance (?:of \w+ )?(?:is|seems to)(?: be)? (?:already )?(?:running|listen)/i,
      { unless: ofFolder },
    ),
    proof(/process that's (?:already )?listening on port (?<port>\d+)/i, { weight: 0.7 }),
    proof(/another \w+ (?:server )?running on port:? ?(?<port>\d+)/i),
    proof(/(?:cannot|could not|failed to|unable to) (?:bind|listen)[^.]{0,60}(?:in use|98)\b/i),
    fact(/didn't have free ports for the requested pod ports/i),
    proof(/EADDRINUSE[^:]*:? (?:address already in use )?\S*:(?<port>\d+)/i, { weight: 0.9 }),
    proof(/\bEADDRINUSE\b/i, { weight: 0.85 }),
    proof(/(?::|port )(?<port>\d{2,5})["']?[^\d:]{0,24}: (?:bind: )?address already in use/i, {
      weight: 0.9,
    }),
    proof(/bind\(\) to \S+:(?<port>\d+) failed \(98: (?:Unknown error|Address already in use)\)/i, {
      weight: 0.9,
    }),
    proof(/Address (?:already )?in use/i, { weight: 0.85, unless: outgoing }),
    proof(/Port (?<port>\d+) (?:was|is) already (?:in use|allocated|being used|used)/i, {
      weight: 0.9,
    }),
    proof(/:(?<port>\d+) failed: port is already allocated/i, { weight: 0.9 }),
    proof(/port is already allocated/i),
    proof(/Connection in use: \(["'][^"']*["'], (?<port>\d+)\)/i, { weight: 0.9 }),
    proof(/Only one usage of each socket address/i),
    proof(/\[Errno 98\]/i),
    proof(/os error 98\b/i),
    proof(
      /(?:another|other) (?:process|server|instance|program|service) (?:is )?(?:already )?(?:using|listening|running|bound) (?:on |to )?(?:the |this )?(?:same )?port/i,
    ),
    proof(/\[emerg\][^\n]{0,40}still could not bind\(\)/i, { weight: 0.6 }),
    proof(/could not create any TCP\/IP sockets/i, { weight: 0.65 }),
    proof(/Only one usage of each socket address/i, { weight: 0.9 }),
  ],
  recovery: [
    /(?:^|server |now |successfully |\] |: )(?:listening|bound) (?:on|to|at)\b/i,
    /ready to accept connections/i,
    /Started \S+ in [\d.]+ seconds/i,
  ],
  keywords: ['network', 'port'],
  summary: (situation) => {
    const { port } = situation.facts;
    return `${who(situation)} cannot start: ${port ? `port ${port}` : 'the port that it wants to listen on'} is already taken by another process.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows which containers share the pod and its ports'),
    ...askPreviousLogs(situation, 'shows which address it tried'),
  ],
  collect: (situation) => [
    `ss -ltnp 'sport = :${situation.facts.port ?? '<port>'}'`,
    `docker ps --filter publish=${situation.facts.port ?? '<port>'}`,
    describePod(situation),
  ],
  advice: (situation) => ({
    summary: 'Stop what holds the port, or let one of the two listen elsewhere.',
    commands: [
      {
        title: 'See who holds the port',
        command: `ss -ltnp 'sport = :${situation.facts.port ?? '<port>'}'`,
      },
      {
        title: 'See whether a container publishes it',
        command: `docker ps --filter publish=${situation.facts.port ?? '<port>'}`,
      },
    ],
  }),
};
