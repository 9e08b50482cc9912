import { askDescribe, askPreviousLogs, describePod, previousLogs, who } from '../commands';
import { fact, proof, type Finding, type Playbook } from '../playbook';
import type { Picture } from '../read/picture';

/** Go prints the signal's name for a nil pointer, which is an ordinary panic. */
const goPanic = /panic: |nil pointer|\[signal SIGSEGV: segmentation violation/i;
const sure = { weight: 0.9, unless: goPanic };

export const segfault: Playbook = {
  category: 'segfault',
  layer: 'origin',
  severity: 'critical',
  signals: [
    // Go tells so of native code; its own nil pointers are panics.
    proof(/fatal error: unexpected signal during runtime execution/i, {
      weight: 0.9,
      unless: /panic: |nil pointer/i,
    }),
    fact(/\S\[\d+\]: segfault at [0-9a-f]+ ip [0-9a-f]+/i, { weight: 0.95 }),
    fact(/traps: \S+ (?:trap|general protection)/i, { weight: 0.9 }),
    proof(/\bSegmentation fault\b/i, sure),
    proof(/Fatal Python error: (?:Segmentation fault|Bus error|Aborted)/i, { weight: 0.95 }),
    proof(/A fatal error has been detected by the Java Runtime Environment/i, { weight: 0.9 }),
    proof(/^#? *SIG(?:SEGV|BUS) \(0x[0-9a-f]+\) at pc=/i, { weight: 0.95 }),
    proof(/\[BUG\] Segmentation fault/i, { weight: 0.95 }),
    proof(/AddressSanitizer: (?:SEGV|heap-use-after-free|heap-buffer-overflow)/i, sure),
    proof(
      /PID \d+ received SIGSEGV|exit(?:ed)? on signal 11|signal 11 \(SIGSEGV|killed by signal 11|terminated by signal (?:11|SIGSEGV)|signal: 11, SIGSEGV|was sent SIGSEGV|due to signal 11/i,
      sure,
    ),
    fact(
      /code=(?:killed|dumped), (?:status=)?(?:signal=)?11\/?(?:SEGV)?|code=dumped, status=(?:7|11)|status=11\/SEGV/i,
      { weight: 0.93 },
    ),
    fact(/\bexit(?:ed)?(?: with)? (?:code|status)[ :=(]+139\b|exitCode=139\b/i, { weight: 0.62 }),
    proof(
      /\b(?:double free or corruption|malloc\(\): corrupted|free\(\): invalid pointer|corrupted (?:size|double-linked list)|stack smashing detected|Bus error)\b/i,
      { weight: 0.85 },
    ),
    proof(/\bSIGSEGV\b/i, { weight: 0.7, unless: goPanic }),
    proof(/\bcrashed by signal: ?(?:7|11)\b|\bgot signal (?:7|11)\b/i, sure),
    proof(/\bIllegal instruction\b|\bsignal (?:4 )?SIGILL\b|\bSIGBUS\b/i, {
      weight: 0.75,
      unless: /handler|SIGABRT|SIGFPE/i,
    }),
    proof(
      /(?:^Fatal error\.|Unhandled exception)[^\n]{0,80}AccessViolationException|Attempted to read or write protected memory/i,
      sure,
    ),
    proof(/\b0xC0000005\b|Internal CLR error|non-unwinding panic\. aborting/i, { weight: 0.8 }),
    proof(/\bInvalid access at address: 0x[0-9a-f]+/i, { weight: 0.85 }), // MongoDB
    proof(/\*\*\* Program crashed: Bad pointer dereference/i, { weight: 0.9 }), // Swift
    fact(/\bProcess \d+ \((?<program>[^)]{1,60})\) of user \d+ dumped core/i, { weight: 0.65 }),
  ],
  inspect: (picture) => ends(picture),
  keywords: ['crash', 'native'],
  summary: (situation) =>
    `${who(situation)} touched memory that is not its own and was ended by the kernel (SIGSEGV): a fault in native code, its own or a library's.`,
  questions: (situation) => [
    ...askPreviousLogs(situation, 'shows what was done just before'),
    ...askDescribe(situation, 'shows exit code and image'),
  ],
  collect: (situation) => [
    previousLogs(situation),
    describePod(situation),
    'dmesg -T | grep -i segfault',
  ],
  advice: (situation) => ({
    summary:
      'Look at what changed in native parts: the base image (musl instead of glibc), a native module built for another runtime, a library that was updated. The kernel’s line names the library; a core dump names the function. Rolling back the image brings the service back meanwhile.',
    commands: [
      { title: 'See which library it was', command: 'dmesg -T | grep -i segfault' },
      { title: 'See its last words', command: previousLogs(situation) },
    ],
  }),
};

/** Ended by signal 11, as the platform says it; runtimes that give up on memory end so too. */
const signalled = 139;

function ends(picture: Picture): Finding[] {
  return picture.pods.flatMap((pod) =>
    pod.containers.flatMap((container): Finding[] => {
      const ended = [container.state, container.lastState].find(
        (state) => state?.exitCode?.value === signalled,
      );
      if (!ended?.exitCode) return [];
      return [
        {
          category: 'segfault',
          key: 'segfault:exit',
          role: 'fact',
          weight: 0.62,
          citation: ended.exitCode.citation,
          facts: { pod: pod.name, container: container.name, exitCode: signalled },
          mechanism: null,
          app: pod.app,
          order: 0,
        },
      ];
    }),
  );
}
