import { commonExtractors, gotOver, progress, servesAgain, testsPassed } from '../extractors';
import type { Playbook, Signal } from '../playbook';
import { playbooks } from '../registry';
import { literalTable } from './literalTable';
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

type Searched = readonly [regex: RegExp, use: Use];

const searched: readonly Searched[] = [
  ...playbooks.flatMap((playbook) => [
    ...playbook.signals.map((signal): Searched => {
      return [signal.pattern, { kind: 'signal', playbook, signal }];
    }),
    ...(playbook.recovery ?? []).map((it): Searched => [it, { kind: 'recovery', playbook }]),
    ...(playbook.extract ?? []).map((it): Searched => [it, { kind: 'extract' }]),
  ]),
  ...commonExtractors.map((it): Searched => [it, { kind: 'extract' }]),
  [progress, { kind: 'progress' }],
  [servesAgain, { kind: 'serves' }],
  [gotOver, { kind: 'got-over' }],
  [testsPassed, { kind: 'provoked' }],
];

/** Every pattern of every playbook, in a fixed order. */
export const patterns: readonly Pattern[] = searched.map(([regex, use], position) => ({
  use,
  regex: new RegExp(regex.source, 'im'),
  literals: literalTable?.[position] ?? requiredLiterals(regex),
}));
