import { askPreviousLogs, place, podName, who } from '../commands';
import { fact, proof, type Playbook, type Situation } from '../playbook';

const sure = { weight: 0.9 };

export const fdExhausted: Playbook = {
  category: 'fd-exhausted',
  layer: 'origin',
  severity: 'critical',
  signals: [
    proof(/\bEMFILE\b|\bENFILE\b/i, sure),
    proof(/Too many open files(?: in system)?/i, sure),
    proof(/\[Errno (?:24|23)\]|\(os error (?:24|23)\)|\((?:24|23): Too many open files/i, sure),
    proof(/VFS: file-max limit (?<limit>\d+) reached/i, { weight: 0.95 }),
    proof(
      /(?:out of|no more|exhausted) (?:available )?file ?(?:descriptors|handles)|file ?descriptors? (?:limit )?(?:exhausted|exceeded|reached)/i,
      sure,
    ),
    proof(
      /open socket failed: Too many|Cannot assign more file descriptors|System limit for number of file watchers reached|inotify[^\n]*(?:limit|too many)/i,
      { weight: 0.8 },
    ),
    proof(
      /\binotify\w{0,40}[^\n]{0,80}No space left|user limit \(\d+\) on the (?:total )?number of inotify/i,
      {
        weight: 0.85,
      },
    ),
    // HAProxy, RabbitMQ, select()
    proof(/\breached process FD limit \(maxsock=(?<limit>\d+)\)/i, { weight: 0.93 }),
    proof(/\[ALERT\][^\n]{0,60}\bCannot raise FD limit to \d+, limit is (?<limit>\d+)/i, {
      weight: 0.85,
    }),
    fact(/\bfile descriptor limit alarm set\b/i, { calm: true }),
    proof(/\bfiledescriptor out of range in select\(\)/i, { weight: 0.85 }),
  ],
  extract: [/(?:RLIMIT_NOFILE|nofile|ulimit -n|open files)\D{1,20}(?<limit>\d+)/i],
  recovery: [/\bfile descriptor limit alarm cleared\b/i],
  keywords: ['file-descriptors', 'limits'],
  summary: (situation) => {
    const { limit } = situation.facts;
    return `${who(situation)} has as many files and sockets open as it may${limit ? ` (${limit})` : ''}, so it can open no more.`;
  },
  questions: (situation) => askPreviousLogs(situation, 'shows what it opened and did not close'),
  collect: (situation) => [openFiles(situation), limits(situation)],
  advice: (situation) => ({
    summary:
      'See what is open: many of one kind are a leak (connections, files, watches that nobody closes), which a higher limit only delays. If the load needs them, raise nofile where the limit is set: the runtime, systemd’s LimitNOFILE, the container’s ulimits.',
    commands: [
      { title: 'See what is open', command: openFiles(situation) },
      { title: 'See the limit', command: limits(situation) },
    ],
  }),
};

const openFiles = (situation: Situation): string =>
  `kubectl exec ${podName(situation)}${place(situation)} -- sh -c 'ls -l /proc/1/fd | sed "s/.*-> //; s/[0-9]*\\]$//" | sort | uniq -c | sort -rn | head'`;

const limits = (situation: Situation): string =>
  `kubectl exec ${podName(situation)}${place(situation)} -- grep -i "open files" /proc/1/limits`;
