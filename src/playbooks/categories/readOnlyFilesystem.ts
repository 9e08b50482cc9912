import { askDescribe, askPreviousLogs, describePod, place, podName, who } from '../commands';
import { fact, proof, type Playbook } from '../playbook';

export const readOnlyFilesystem: Playbook = {
  category: 'read-only-filesystem',
  layer: 'origin',
  severity: 'high',
  signals: [
    proof(/\bEROFS\b[^'"]*["'](?<path>\/[^"']+)["']/i, { weight: 0.9 }),
    proof(/\bEROFS\b/i, { weight: 0.85 }),
    proof(/\[Errno 30\] Read-only file system: ["'](?<path>[^"']+)["']/i, { weight: 0.9 }),
    proof(/["'](?<path>\/[^"']+)["'][^"']*: Read-only file system/i, { weight: 0.9 }),
    proof(/(?<path>\/[^\s:"'()]{1,255}): \(?Read-only file system/i, { weight: 0.85 }),
    // With a question mark it is a guess of a script that goes on.
    proof(/Read-only file ?system/i, { weight: 0.8, unless: /read-only file ?system\?/i }),
    proof(/\((?:errno|os error|Errcode|OS errno):? ?30\b/i, { weight: 0.75 }),
    proof(/Remounting filesystem read-only/i, { weight: 0.9 }),
    proof(/cannot remount \S+ read-write, is write-protected/i),
    // The kernel stops writing to a file system that is damaged
    fact(/\bext4_journal_check_start:\d+: Detected aborted journal/i),
    fact(/\bXFS \([\w-]{1,60}\): Log I\/O Error Detected\. +Shutting down filesystem/i, {
      weight: 0.75,
    }),
  ],
  recovery: [/re-mounted\b.* r\/w\b/i],
  keywords: ['filesystem', 'storage'],
  summary: (situation) => {
    const { path } = situation.facts;
    return `${who(situation)} cannot write${path ? ` ${path}` : ''}: the file system there is mounted read-only.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows the mounts and the security context'),
    ...askPreviousLogs(situation, 'shows what it wanted to write'),
  ],
  collect: (situation) => [
    `kubectl get pod ${podName(situation)}${place(situation)} -o jsonpath='{.spec.containers[*].securityContext} {.spec.containers[*].volumeMounts}'`,
    'dmesg -T | grep -iE "remount|ext4|xfs|I/O error"',
    'findmnt -o TARGET,SOURCE,OPTIONS',
  ],
  advice: (situation) => ({
    summary:
      'Give the program a volume (an emptyDir for scratch files) where it writes; readOnlyRootFilesystem is worth keeping. Where the file system used to be writable, its disk failed: look at the kernel log before mounting it again.',
    commands: [
      { title: 'See mounts and security context', command: describePod(situation) },
      {
        title: 'See why a disk was remounted',
        command: 'dmesg -T | grep -iE "remount|ext4|xfs|I/O error"',
      },
    ],
  }),
};
