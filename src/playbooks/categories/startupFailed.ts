import { askDescribe, askPreviousLogs, currentLogs, describePod, who } from '../commands';
import { fact, proof, type Playbook } from '../playbook';
import { probeOutcome, withProbe } from './probes';

export const startupFailed: Playbook = {
  category: 'startup-failed',
  layer: 'probe',
  severity: 'high',
  signals: [
    proof(/No response from gunicorn master within \d+ seconds/i, { weight: 0.8 }), // Airflow
    // PostgreSQL, WildFly, Tomcat
    proof(
      /\bserver did not start in time\b|Timeout after \[\d+\] seconds waiting for service container stability/i,
      {
        weight: 0.8,
        facts: { probe: 'startup' },
      },
    ),
    proof(/\bContext \[[^\]]{0,100}\] startup failed due to previous errors/i, { weight: 0.6 }),
    fact(/Startup probe (?:failed|errored)/i, { refine: withProbe('startup') }),
    fact(/Container (?<container>\S+) failed startup probe, will be restarted/i, {
      refine: withProbe('startup'),
    }),
    fact(/start operation timed out\. Terminating/i, { facts: { probe: 'startup' } }),
    // Windows, Heroku
    fact(/service did not respond to the start or control request in a timely fashion/i),
    fact(/\bBoot timeout\) -> Web process failed to bind/i, { calm: true }),
    proof(
      /(?:did not|didn't|failed to) start (?:up )?within \d+|(?:startup|boot|start-up) timed out/i,
      {
        weight: 0.65,
        facts: { probe: 'startup' },
      },
    ),
    // Cloud Run, Heroku
    fact(/container failed to start and (?:then )?listen on the port/i, { weight: 0.85 }),
    // IIS, Azure App Service, Cloud Foundry, Lambda, Nomad, Passenger, WildFly
    fact(/\bfailed to start application within startup time limit/i),
    fact(/\bdidn't respond to HTTP pings on port: ?(?<port>\d+)/i),
    fact(/\breadiness health check never passed\b/i),
    fact(/\bINIT_REPORT [^\n]{0,100}\bPhase: init\s+Status: timeout/i, { calm: true }),
    fact(/\bTask not running (?:for min_healthy_time of \S{1,20} )?by deadline/i, { calm: true }),
    proof(/\bA timeout occurred while (?:spawning|starting) an? (?:application|preloader)\b/i, {
      weight: 0.85,
    }),
    proof(/\bWFLYSRV0056: Server boot has failed/i, { weight: 0.7 }),
  ],
  keywords: ['kubernetes', 'probe', 'startup'],
  summary: (situation) => {
    const { probePath, probePort, startProgressed } = situation.facts;
    const target = probePort
      ? ` on ${probePath ?? 'port'}${probePath ? ' at port' : ''} ${probePort}`
      : '';
    const slow = startProgressed ? ' It was still starting when it was restarted.' : '';
    return `${who(situation)} is restarted before it has started, because its startup probe${target} fails too often: ${probeOutcome(situation.proof)}.${slow}`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows the probe, its timing and how it fails'),
    ...askPreviousLogs(situation, 'shows how far the start came'),
  ],
  collect: (situation) => [describePod(situation), currentLogs(situation)],
  advice: (situation) => ({
    summary:
      'Give the start the time that it really takes (failureThreshold times periodSeconds), or make it shorter; if it stands still, mend what it waits for.',
    commands: [
      { title: 'See the probe and its failures', command: describePod(situation) },
      { title: 'See how far the start came', command: currentLogs(situation) },
    ],
  }),
};
