import { askPreviousLogs, describePod, place, podName, who } from '../commands';
import { fact, proof, type Playbook, type Situation } from '../playbook';

const sure = { weight: 0.9 };

export const threadExhausted: Playbook = {
  category: 'thread-exhausted',
  layer: 'origin',
  severity: 'critical',
  signals: [
    proof(/\{system_limit,\[\{erlang,spawn\w{0,20},|^Too many processes$/, { weight: 0.85 }), // Erlang
    proof(/\bemulator Too many processes\b|\{error,system_limit\}/i, { weight: 0.85 }), // Erlang
    proof(/unable to create (?:new )?native thread/i, sure),
    proof(
      /pthread_create failed|Failed to (?:start|create)(?: an?)? thread|cannot create (?:worker )?thread|could not create (?:worker )?thread/i,
      { weight: 0.85, unless: /channel|slack|discord|message|topic|forum|scope/i },
    ),
    proof(/can't create a new thread \(errno/i, sure), // MySQL
    proof(/RuntimeError: can't start new thread|ThreadError: can't create Thread/i, sure),
    proof(
      /runtime: failed to create new OS thread(?: \(have (?<limit>\d+) already)?|runtime: program exceeds \d+-thread limit/i,
      sure,
    ),
    proof(
      /failed to spawn thread: [^\n]*(?:WouldBlock|Resource temporarily)|The system is out of threads/i,
      sure,
    ),
    proof(
      /(?:fork|clone|vfork|spawn)\b[^\n]{0,60}(?:Resource temporarily unavailable|EAGAIN|retry: )|spawn \S+ EAGAIN|BlockingIOError: \[Errno 11\]/i,
      { weight: 0.85 },
    ),
    // In the group of all pods it is the node's limit, not a container's.
    fact(/cgroup: fork rejected by pids controller/i, {
      weight: 0.95,
      unless: /in \/kubepods(?:\.slice)?(?:\/kubepods-\w+\.slice)?\s*$/i,
    }),
    proof(
      /(?:thread pool|executor|threadpool|worker pool)\b[^\n]{0,60}\b(?:exhausted|is full|starv)|RejectedExecutionException|ThreadPoolExecutor[^\n]*rejected|TaskRejectedException|Thread starvation/i,
      { weight: 0.75, unless: /shut ?down|terminated|clock leap/i },
    ),
    proof(/All threads \((?<limit>\d+)\) are currently busy/i, { weight: 0.75 }),
    // .NET, Jetty, Redis, Tomcat, Hystrix
    proof(/\bnot enough free threads in the ThreadPool\b/i, sure),
    proof(/\bQueuedThreadPool\[[^\n]{1,40}\{STARTED,[^\n]{1,160}[\]}] rejected /i, {
      weight: 0.85,
    }),
    proof(/\bFatal: Can't initialize Background Jobs\b/i, sure),
    proof(/\bMaximum number of threads \((?<limit>\d+)\) created for connector/i, {
      weight: 0.8,
      calm: true,
    }),
    proof(/\bcould not be queued for execution and (?:no )?fallback\b/i),
  ],
  keywords: ['threads', 'limits'],
  summary: (situation) => {
    const { limit } = situation.facts;
    return `${who(situation)} can start no more threads or processes${limit ? ` than ${limit}` : ''}: a limit of the container, the user or its own pool is reached.`;
  },
  questions: (situation) => askPreviousLogs(situation, 'shows what starts so many threads'),
  collect: (situation) => [count(situation), describePod(situation)],
  advice: (situation) => ({
    summary:
      'See how many threads there are and what they do: a pool that grows with every request, or threads that all wait for one slow peer, is the cause, and a higher limit only delays it. If so many are meant, raise the pids limit.',
    commands: [
      { title: 'See threads and limit', command: count(situation) },
      { title: 'See limits and restarts', command: describePod(situation) },
    ],
  }),
};

const count = (situation: Situation): string =>
  `kubectl exec ${podName(situation)}${place(situation)} -- sh -c 'grep Threads /proc/[0-9]*/status; cat /sys/fs/cgroup/pids.current /sys/fs/cgroup/pids.max'`;
