import { editOf, refusal, sharingWarnings, textOf, wholeNumber } from './edits';
import { locateKeys } from './find';
import type { Fixer } from './fix';

const tails = [
  ['terminationGracePeriodSeconds'],
  ['terminationGracePeriod'],
  ['gracePeriodSeconds'],
];
/** Nobody waits longer for a pod without having meant it. */
const longest = 600;

/** `shutdown-timeout`: more time for a program that was seen to end its work. */
export const graceFixer: Fixer = {
  objection: ({ stopProgressed }) =>
    stopProgressed?.value
      ? null
      : 'The program was not seen to end its work when it was asked to stop (the signal may not reach it), so a longer grace period could only hide that: it is not raised.',

  fix(target) {
    const seen = target.facts.graceSeconds?.value;
    const { place, why } = locateKeys(
      target,
      { name: 'grace period', tails },
      seen === undefined ? undefined : String(seen),
      (candidate) => textOf(candidate) === String(seen),
    );
    const old = wholeNumber(place);
    const value = Math.min(longest, Math.max(old, 15) * 2);
    if (value <= old) {
      throw refusal(
        `The grace period is ${old} s already, so a longer one would only hide what does not end; the file was left as it is.`,
      );
    }
    return {
      title: `raise grace period to ${value} s`,
      edits: [editOf(place, String(value))],
      reason: `The program was ending its work when it was killed; ${why}.`,
      formula: `grace period x 2 (how long it needs is unknown) = ${old} s x 2 = ${value} s, at most ${longest} s`,
      warnings: [
        'A drain of the node and a rollout wait as long for each pod.',
        ...sharingWarnings([place]),
      ],
    };
  },

  patch: ({ graceSeconds }) =>
    graceSeconds
      ? `terminationGracePeriodSeconds: ${Math.min(longest, graceSeconds.value * 2)}\n`
      : null,
};
