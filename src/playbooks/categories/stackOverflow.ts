import { askPreviousLogs, currentLogs, previousLogs, who } from '../commands';
import { proof, type Playbook } from '../playbook';

const sure = { weight: 0.93 };

export const stackOverflow: Playbook = {
  category: 'stack-overflow',
  layer: 'origin',
  severity: 'high',
  signals: [
    proof(/Maximum call stack size exceeded/i, sure),
    proof(/java\.lang\.StackOverflowError|\bStackOverflowError\b/i, sure),
    proof(/maximum recursion depth exceeded|\bRecursionError\b/i, sure),
    proof(/goroutine stack exceeds \d+-byte limit|fatal error: stack overflow/i, sure),
    proof(
      /^Stack overflow\.|System\.StackOverflowException|\bStackOverflowException\b|Process is terminated due to StackOverflow/i,
      sure,
    ),
    proof(/stack level too deep|\bSystemStackError\b/i, sure),
    proof(/has overflowed its stack/i, sure),
    proof(
      /Maximum function nesting level of ["'](?<limit>\d+)|Maximum call stack size of \d+ bytes[^\n]*reached|Infinite recursion\?/i,
      sure,
    ),
    proof(/AddressSanitizer: stack-overflow|\bstack overflow\b(?: detected)?/i, {
      weight: 0.75,
      unless: /stackoverflow\.com|stack buffer overflow|heap/i,
    }),
    proof(/stack depth limit exceeded/i, sure),
    proof(/\bStack space overflow: current size \d+/i, sure), // GHC
    proof(/\bThread stack overrun: +\d+ bytes used/i, sure), // MySQL
    proof(/\bControl stack (?:guard page unprotected|exhausted)/i, { weight: 0.75, calm: true }), // SBCL
  ],
  keywords: ['exception', 'recursion'],
  summary: (situation) =>
    `${who(situation)} calls itself without end until its stack is full: a recursion that does not stop, or data nested deeper than the code can follow.`,
  questions: (situation) => askPreviousLogs(situation, 'shows the frames that repeat'),
  collect: (situation) => [previousLogs(situation), currentLogs(situation)],
  advice: (situation) => ({
    summary:
      'The frames that repeat in the trace are the recursion: give it an end, or use a loop. A larger stack only delays it. If it came with the last release, rolling back brings the service back meanwhile.',
    commands: [{ title: 'See the frames that repeat', command: currentLogs(situation) }],
  }),
};
