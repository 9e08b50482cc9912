import { WarRoomError } from '../../base/errors';
import { formatCpu, parseCpu, roundUp, sameQuantity } from '../quantity';
import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import { editOf, refusal, sharingWarnings, textOf } from './edits';
import type { Fixer } from './fix';
import { below, locate } from './locate';
import { resourceOwner } from './owners';

const limitTail: KeyPath = ['resources', 'limits', 'cpu'];

/** `cpu-throttled`: the CPU limit. The request stays, so the Pod still fits where it ran. */
export const cpuFixer: Fixer = {
  objection: () => null,

  fix(target) {
    const vpa = resourceOwner(target);
    if (vpa) {
      throw refusal(
        `A VPA (${pathText(vpa.path)}) owns the container's CPU, so a limit would be written over; it was left as it is. Raise its maxAllowed.cpu, or see what it recommends.`,
      );
    }
    const seen = target.facts.cpuLimit?.value;
    const limit = locate(target, {
      name: 'CPU limit',
      path: limitTail,
      ownerOf: below(limitTail),
      seen,
      isSeen: (place) => sameQuantity(textOf(place), seen ?? ''),
    });
    const old = parseCpu(textOf(limit.place));
    if (!old) {
      throw new WarRoomError(
        'values-unparsable',
        `The CPU limit "${textOf(limit.place)}" is not a Kubernetes quantity, so it was left as it is; write for example 500m or 1.`,
      );
    }
    const raise = raisedCpu(old.millis, target.facts.cpuWanted?.value);
    const value = formatCpu(raise.millis, old.suffix);
    const share = target.facts.throttledShare?.value;
    const throttled = share === undefined ? 'was throttled' : `was throttled in ${percent(share)}`;
    return {
      title: `raise CPU limit to ${value}`,
      edits: [editOf(limit.place, value)],
      reason: `The container ${throttled} at its CPU limit; ${limit.why}. The request stays as it is.`,
      formula: `${raise.formula} = ${value}`,
      warnings: sharingWarnings([limit.place]),
    };
  },

  patch(facts) {
    const old = facts.cpuLimit ? parseCpu(facts.cpuLimit.value) : undefined;
    if (!old) return null;
    const { millis } = raisedCpu(old.millis, facts.cpuWanted?.value);
    return `resources:\n  limits:\n    cpu: ${formatCpu(millis, old.suffix)}\n`;
  },
};

function raisedCpu(limit: bigint, wantedCores: number | undefined) {
  if (wantedCores === undefined) {
    return {
      millis: roundUp(limit * 2n, 50n),
      formula: `limit x 2 (what it wanted is unknown) = ${limit}m x 2, rounded up to 50m`,
    };
  }
  const wanted = BigInt(Math.ceil(wantedCores * 1000));
  const half = limit + limit / 2n;
  const above = wanted + wanted / 5n;
  return {
    millis: roundUp(half > above ? half : above, 50n),
    formula: `max(limit x 1.5, wanted x 1.2) = max(${limit}m x 1.5, ${wanted}m x 1.2), rounded up to 50m`,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)}% of its CPU periods`;
}
