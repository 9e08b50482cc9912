import { askDescribe, askPreviousLogs, describePod, who } from '../commands';
import { fact, proof, type Playbook } from '../playbook';

export const portInUse: Playbook = {
  category: 'port-in-use',
  layer: 'origin',
  endsProgram: true,
  severity: 'high',
  signals: [
    proof(
      /(?:server|process|instance|postmaster|daemon) (?:is )?already (?:running|listening)(?: on port (?<port>\d+))?/i,
      { weight: 0.6 },
    ),
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
    proof(/Address (?:already )?in use/i, { weight: 0.85 }),
    proof(/Port (?<port>\d+) (?:was|is) already (?:in use|allocated|being used|used)/i, {
      weight: 0.9,
    }),
    proof(/\S+:(?<port>\d+) failed: port is already allocated/i, { weight: 0.9 }),
    proof(/port is already allocated/i),
    proof(/Connection in use: \(["'][^"']*["'], (?<port>\d+)\)/i, { weight: 0.9 }),
    proof(/Only one usage of each socket address/i),
    proof(/\[Errno 98\]/i),
    proof(/os error 98\b/i),
    proof(
      /(?:another|other) (?:process|server|instance|program|service) (?:is )?(?:already )?(?:using|listening|running|bound) (?:on |to )?(?:the |this )?(?:same )?port/i,
    ),
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
