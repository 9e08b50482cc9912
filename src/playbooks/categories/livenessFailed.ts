import { askDescribe, askPreviousLogs, currentLogs, describePod, who } from '../commands';
import { fact, proof, symptom, type Playbook } from '../playbook';
import { probeOutcome, withProbe } from './probes';

export const livenessFailed: Playbook = {
  category: 'liveness-failed',
  layer: 'probe',
  severity: 'high',
  signals: [
    proof(/\bWORKER TIMEOUT \(pid|Terminating timed out worker/i, { facts: { probe: 'liveness' } }),
    proof(/liveness (?:check|probe|health)[^.]* (?:fail|timed? ?out|unhealthy)/i, {
      weight: 0.65,
      unless: /probe (?:failed|errored)/i,
      facts: { probe: 'liveness' },
    }),
    fact(/Liveness probe (?:failed|errored)/i, { refine: withProbe('liveness') }),
    fact(/Container (?<container>\S+) failed liveness probe, will be restarted/i, {
      refine: withProbe('liveness'),
    }),
    // That it no longer reports may also mean that it hangs.
    fact(/Watchdog timeout \(limit/i, { weight: 0.7, facts: { probe: 'liveness' } }),
    symptom(/Failed with result ['"]watchdog/i, { facts: { probe: 'liveness' } }),
    fact(/dockerexec: unhealthy container|(?:restart|kill)ing (?:the )?unhealthy container/i, {
      facts: { probe: 'liveness' },
    }),
    fact(/(?:triggered restart|healthcheck): check "[^\n]{1,120}" unhealthy/i, {
      weight: 0.85, // Nomad
      calm: true,
      facts: { probe: 'liveness' },
    }),
  ],
  keywords: ['kubernetes', 'probe', 'health'],
  summary: (situation) => {
    const { probe, probePath, probePort, listenPort } = situation.facts;
    const target = probePort
      ? ` on ${probePath ?? 'port'}${probePath ? ' at port' : ''} ${probePort}`
      : '';
    const elsewhere =
      listenPort && probePort && listenPort !== probePort
        ? ` The program listens on ${listenPort}.`
        : '';
    return `${who(situation)} is restarted again and again because its ${probe ?? 'liveness'} probe${target} fails: ${probeOutcome(situation.proof)}.${elsewhere}`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows the probe, its timing and how it fails'),
    ...askPreviousLogs(situation, 'shows whether the program was still starting, hung or failed'),
  ],
  collect: (situation) => [describePod(situation), currentLogs(situation)],
  advice: (situation) => ({
    summary:
      'Let the probe ask where the program listens, and give it the time that the start really takes; if the program hangs, the probe is right and the program has to be mended.',
    commands: [
      { title: 'See the probe and its failures', command: describePod(situation) },
      { title: 'See what the program did', command: currentLogs(situation) },
    ],
  }),
};
