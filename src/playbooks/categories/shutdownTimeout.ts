import {
  appName,
  askDescribe,
  askPreviousLogs,
  currentLogs,
  describePod,
  place,
  who,
} from '../commands';
import { seen } from '../inspected';
import {
  fact,
  proof,
  symptom,
  type Finding,
  type Match,
  type Playbook,
  type Refinement,
} from '../playbook';
import type { Picture } from '../read/picture';

/**
 * Asked to stop, and killed in the end: it was not done in time. Memory kills look alike. Where nobody
 * tells how it ended it may have been done in time.
 */
function killedInTheEnd({ picture }: Match): Refinement {
  const killed = picture.pods.some((pod) =>
    pod.containers.some(({ state, lastState }) =>
      [state, lastState].some(
        (it) => it?.exitCode?.value === 137 && it.reason?.value !== 'OOMKilled',
      ),
    ),
  );
  return killed ? {} : { weight: 0.3 };
}

export const shutdownTimeout: Playbook = {
  category: 'shutdown-timeout',
  layer: 'exit',
  severity: 'medium',
  signals: [
    // Apache, Sidekiq
    proof(/still did not exit, sending a SIGKILL/i, { weight: 0.85 }),
    proof(/\bTerminating \d+ busy threads\b/i, { weight: 0.7 }),
    proof(/is taking too much time to die\W{0,5}NO MERCY/i, { weight: 0.9 }), // uWSGI
    proof(/\bserver does not shut down$|all the controlled shutdown attempts failed/i, {
      weight: 0.85,
    }),
    fact(
      /error killing pod: failed to \\?"KillContainer\\?" .{0,200}(?:DeadlineExceeded|operation timeout)/i,
      {
        weight: 0.85,
      },
    ),
    fact(
      /Container (?:[0-9a-f]{4,64} )?failed to exit within (?:(?<graceSeconds>\d+)(?:s| seconds)?|\S+) of signal \d+ - using the force/i,
      {
        weight: 0.95,
        calm: true,
      },
    ),
    fact(/State '(?:stop-sigterm|final-sigterm|stop)' timed out\. (?:Killing|Skipping)/i),
    fact(/stop-sigterm.* timed out|stop-sigterm' timed out/i, { weight: 0.85 }),
    fact(
      /(?:container|pod|process)\b.* did not (?:terminate|exit|stop) (?:in time|within (?:the |its )?(?:grace|\d))/i,
    ),
    fact(/still (?:alive|running) after \d+ ?m?s\b[^\n]{0,40}\b(?:SIGKILL|kill)/i),
    fact(/PreStopHook failed|FailedPreStopHook/i, { weight: 0.7 }),
    proof(
      /(?:graceful )?shut ?down (?:timed? ?out|timeout (?:exceeded|expired|reached)|deadline exceeded|period exceeded)/i,
      {
        weight: 0.8,
      },
    ),
    proof(
      /timeout graceful shutdown exceeded|Graceful shutdown aborted with one or more requests/i,
      {
        weight: 0.85,
        calm: true,
      },
    ),
    proof(
      /Failed to shut down \d+ beans? with phase value|Shutdown phase \d+ ends with \d+ beans? still running/i,
      { weight: 0.8, calm: true },
    ),
    proof(
      /(?:server|http:? server)? ?(?:forced to shut ?down|shutdown)(?: error| failed)?: context deadline exceeded/i,
      {
        weight: 0.85,
      },
    ),
    proof(
      /(?:forcing|forced|forceful(?:ly)?) (?:shut ?down|exit|termination|terminating|kill\w*)/i,
      {
        weight: 0.65,
        unless: /reboot|update/i,
      },
    ),
    // supervisord kills when `stopwaitsecs` are over; alone it may be a worker that has no work.
    symptom(/killing '(?<container>[\w.:-]+)' \(\d+\) with SIGKILL/i, { weight: 0.45 }),
    proof(/\b(?:SIGTERM|signal 15)\b.*\b(?:drain\w*|waiting|shutting|stopping|stop|finish\w*)/i, {
      weight: 0.8,
      calm: true,
      refine: killedInTheEnd,
      facts: { stopProgressed: true },
    }),
    proof(/\bCoordinated shutdown phase \[[\w-]{1,80}\] timed out after/i, { weight: 0.85 }), // Akka
    fact(/\bError R12 \(Exit timeout\)/i, { calm: true }),
    // containerd, kubelet
    fact(/\ban error occurs during waiting for container "\w+" to be killed/i),
    fact(/\bKill container failed" err="rpc error: code = DeadlineExceeded/i, { weight: 0.85 }),
    fact(/\bPreStop hook not completed in grace period/i, { weight: 0.85 }),
  ],
  inspect: killedByEngine,
  extract: [/^[ \t]*terminationGracePeriodSeconds: (?<graceSeconds>\d+)/],
  keywords: ['kubernetes', 'shutdown', 'signal'],
  summary: (situation) =>
    `${who(situation)} was asked to stop, was not done in the time that it is given, and was killed with its work unfinished.`,
  questions: (situation) => [
    ...askPreviousLogs(situation, 'shows what it still did after it was asked to stop'),
    ...askDescribe(situation, 'shows its grace period and hooks'),
  ],
  collect: (situation) => [
    currentLogs(situation),
    `${describePod(situation)} | grep -i -A 3 grace`,
  ],
  advice: (situation) => ({
    summary:
      'Let the program end its work when it gets SIGTERM (close listeners, end long requests, see that the signal reaches it), and give it a grace period longer than its longest work.',
    commands: [
      {
        title: 'See the grace period',
        command: `kubectl get deployment ${appName(situation)}${place(situation)} -o jsonpath='{.spec.template.spec.terminationGracePeriodSeconds}'`,
      },
      { title: 'See what it did when it was asked to stop', command: currentLogs(situation) },
    ],
  }),
};

/** The engine asked a container to stop, and killed it when its time was up. */
function killedByEngine({ events }: Picture): Finding[] {
  const asked = new Set<string>();
  return events.flatMap(({ reason, object, message, citation }) => {
    if (object === null) return [];
    if (reason === 'start') asked.delete(object);
    if (reason !== 'kill') return [];
    if (/^signal (?:15|SIGTERM)$/.test(message)) asked.add(object);
    if (!/^signal (?:9|SIGKILL)$/.test(message) || !asked.has(object)) return [];
    const app = object.replace(/^container\//, '');
    return [seen('shutdown-timeout', 'killed', citation, { weight: 0.8, app })];
  });
}
