import { appName, askHealth, askServiceLogs, currentLogs, place, who } from '../commands';
import { fact, proof, symptom, type Playbook } from '../playbook';

export const applicationHung: Playbook = {
  category: 'application-hung',
  layer: 'program',
  severity: 'high',
  signals: [
    // php-fpm ends what it waited for too long
    proof(/script '[^']{1,200}'[^\n]{0,200} execution timed out \([\d.]+ sec\), terminating/i, {
      weight: 0.75,
    }),
    proof(/Found (?:one|\d+) Java-level deadlock/i, { weight: 0.95, mechanism: 'deadlock' }),
    proof(/all goroutines are asleep - deadlock!/i, { weight: 0.97, mechanism: 'deadlock' }),
    proof(/No live threads left\. Deadlock\?/i, { weight: 0.9, mechanism: 'deadlock' }),
    proof(
      /(?:possible|potential)? ?deadlock(?:ed)? (?:detected|found)|DeadlockDetected\b|APPARENT DEADLOCK/i,
      {
        weight: 0.75,
        unless:
          /ERROR: +deadlock detected|transaction|lock wait|SQLSTATE|40P01|1213|Process \d+ waits|database/i,
        refine: ({ block }) =>
          block.some((it) => /waits for .{0,200}Lock|transaction/i.test(it.message)) ? null : {},
        mechanism: 'deadlock',
      },
    ),
    fact(/INFO: task \S+ blocked for more than \d+ seconds/i, { mechanism: 'kernel', calm: true }),
    proof(/Thread\S* .*has been blocked for \d+ ?ms, time limit is/i, {
      weight: 0.8,
      mechanism: 'event-loop',
    }),
    proof(/event[- ]?loop (?:is |was |has been )?(?:blocked|stuck|stalled|unresponsive)/i, {
      weight: 0.8,
      mechanism: 'event-loop',
    }),
    proof(/Executing <(?:Task|Handle)\b.* took \d+\.\d+ seconds/i, {
      weight: 0.6,
      mechanism: 'event-loop',
    }),
    proof(/\[STUCK\]|(?:has been active for|may be stuck).*(?:stuck|\d\]? milliseconds)/i, {
      weight: 0.85,
      mechanism: 'stuck-thread',
    }),
    proof(/thread ?pool starvation|starvation detected/i, {
      weight: 0.75,
      mechanism: 'starvation',
    }),
    proof(/\bHARAKIRI\b/, { weight: 0.75 }),
    proof(
      /no (?:progress|heartbeat|activity) (?:for|in|since) \d+|heartbeat (?:is )?(?:missing|stopped|stale|lost) (?:for|since)/i,
      {
        weight: 0.65,
        unless: /consumer|broker|node|pulling image|kubelet/i,
      },
    ),
    proof(
      /(?:application|process|worker|main thread|program|service) (?:is |seems |appears )?(?:hung|hanging|frozen|unresponsive|stuck|not responding)\b/i,
      {
        weight: 0.75,
      },
    ),
    symptom(/Watchdog timeout \(limit|WORKER TIMEOUT \(pid/i, { weight: 0.4 }),
    symptom(/soft lockup - CPU#\d+ stuck for/i, { weight: 0.6 }),
    // Unicorn, Rack, Vert.x
    proof(/\bPID:\d+ timeout \(\d+s > \d+s\), killing/i, { weight: 0.75 }),
    proof(/\bRack::Timeout::RequestTimeout(?:Exception|Error)\b/i, { weight: 0.65 }),
    proof(/\bVertxException: Thread blocked\b/i, { weight: 0.8, mechanism: 'event-loop' }),
    // The kernel's own watchdog, InnoDB's, Airflow's
    fact(/\brcu_\w{1,20} (?:self-)?detected stalls? on CPU/i, {
      weight: 0.7,
      mechanism: 'kernel',
      calm: true,
    }),
    proof(/We intentionally crash the server because it appears to be hung/i, { weight: 0.9 }),
    proof(/\bDetected zombie job: \{/i, { weight: 0.6 }),
  ],
  recovery: [/was previously reported to be stuck but has completed/i],
  keywords: ['deadlock', 'threads'],
  summary: (situation) => {
    const how: Readonly<Record<string, string>> = {
      deadlock: 'parts of it wait for each other for ever',
      'event-loop': 'its event loop is blocked by one piece of work',
      'stuck-thread': 'its threads are stuck in a request',
      starvation: 'all its threads wait, and none is left to go on',
      kernel: 'the kernel keeps it waiting, mostly for a disk',
    };
    return `${who(situation)} runs but does nothing: ${how[situation.mechanism ?? ''] ?? 'it no longer goes on with its work'}.`;
  },
  questions: (situation) => [
    ...askHealth(situation, 'shows whether it answers at all'),
    ...askServiceLogs(situation, 'shows what it did last'),
  ],
  collect: (situation) => [
    currentLogs(situation),
    `kubectl exec deployment/${appName(situation)}${place(situation)} -- sh -c 'jstack 1 || kill -QUIT 1' (a dump of the threads)`,
  ],
  advice: (situation) => ({
    summary:
      'Take a dump of its threads before it is restarted: it shows who waits for whom. A restart only buys time; a liveness probe makes it happen by itself.',
    commands: [
      { title: 'See what it did last', command: currentLogs(situation) },
      {
        title: 'See whether it still uses CPU',
        command: `kubectl top pod${place(situation)} -l app=${appName(situation)}`,
      },
    ],
  }),
};
