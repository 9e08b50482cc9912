import { commonExtractors, gotOver, progress, servesAgain, testsPassed } from '../extractors';
import type { Playbook, Signal } from '../playbook';
import { playbooks } from '../registry';
import { requiredLiterals } from './literals';

/** What a pattern is searched for. */
export type Use =
  | { kind: 'signal'; playbook: Playbook; signal: Signal }
  | { kind: 'recovery'; playbook: Playbook }
  | { kind: 'extract' }
  | { kind: 'progress' }
  | { kind: 'serves' }
  | { kind: 'got-over' }
  | { kind: 'provoked' };

export interface Pattern {
  use: Use;
  /** Ignores case; `^` and `$` also match at the line ends within a decoded message. */
  regex: RegExp;
  literals: readonly string[];
}

/** Every pattern of every playbook, in a fixed order. */
export const patterns: readonly Pattern[] = [
  ...playbooks.flatMap((playbook) => [
    ...playbook.signals.map((signal) =>
      compile(signal.pattern, { kind: 'signal', playbook, signal }),
    ),
    ...(playbook.recovery ?? []).map((regex) => compile(regex, { kind: 'recovery', playbook })),
    ...(playbook.extract ?? []).map((regex) => compile(regex, { kind: 'extract' })),
  ]),
  ...commonExtractors.map((regex) => compile(regex, { kind: 'extract' })),
  compile(progress, { kind: 'progress' }),
  compile(servesAgain, { kind: 'serves' }),
  compile(gotOver, { kind: 'got-over' }),
  compile(testsPassed, { kind: 'provoked' }),
];

function compile(regex: RegExp, use: Use): Pattern {
  return { use, regex: new RegExp(regex.source, 'im'), literals: requiredLiterals(regex) };
}
