import { WarRoomError } from '../../base/errors';
import type { Facts } from '../../incident/analysis';
import { divideUp, formatMemory, mebi, parseMemory, roundUp, sameQuantity } from '../quantity';
import { endsWith, pathText, startsWith } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, refusal, sharingWarnings, textOf } from './edits';
import type { Fix, Fixer, FixTarget } from './fix';
import { below, locate } from './locate';
import type { LocatedSetting } from './locate';
import { resourceOwner } from './owners';
import type { FieldOwner } from './owners';

const limitTail: KeyPath = ['resources', 'limits', 'memory'];
const requestTail: KeyPath = ['resources', 'requests', 'memory'];
const step = 64n * mebi;

/** `oom-killed`: the limit and the request, after a kill at the container's own limit. */
export const memoryFixer: Fixer = {
  objection: memoryObjection,

  fix(target) {
    const vpa = resourceOwner(target);
    if (vpa) return boundOfVpa(target, vpa);
    const limit = locateMemoryLimit(target);
    const old = parseMemory(textOf(limit.place));
    const raise = raisedLimit(old.bytes, target.facts.memoryPeakBytes?.value);
    const fix = limitFix(target, limit, raise.bytes, {
      formula: raise.formula,
      reason: `The container was killed at its own memory limit; ${limit.why}.`,
    });
    return { ...fix, warnings: [...fix.warnings, ...roomWarnings(target.facts, raise.bytes)] };
  },

  patch(facts) {
    if (!facts.memoryLimit) return null;
    const old = parseMemory(facts.memoryLimit.value);
    const { bytes } = raisedLimit(old.bytes, facts.memoryPeakBytes?.value);
    const lines = ['resources:', '  limits:', `    memory: ${formatMemory(bytes, old.suffix)}`];
    if (facts.memoryRequest) {
      const request = parseMemory(facts.memoryRequest.value);
      const raised = keptRatio(request.bytes, old.bytes, bytes);
      lines.push('  requests:', `    memory: ${formatMemory(raised, request.suffix)}`);
    }
    return `${lines.join('\n')}\n`;
  },
};

function memoryObjection(facts: Facts): string | null {
  if (facts.memoryLeak?.value) {
    return 'Memory climbs after every start, which is a leak: a higher limit would only buy time, so the limit is not raised.';
  }
  if (facts.killedByNode?.value) {
    return 'The node ran out of memory, not the container at its own limit, so raising the limit would not help.';
  }
  return null;
}

/** A VPA writes the resources of the pods anew: what it may give at most is edited instead. */
function boundOfVpa(target: FixTarget, { path }: FieldOwner): Fix {
  const [place, ...others] = target.document
    .scalars(path)
    .filter(
      ({ keyPath }) => startsWith(keyPath, path) && endsWith(keyPath, ['maxAllowed', 'memory']),
    );
  if (!place || others.length > 0) {
    throw refusal(
      `A VPA (${pathText(path)}) owns the container's memory and the file bounds it ${place ? 'for several containers' : 'nowhere'} (maxAllowed.memory), so a limit would be written over; it was left as it is. See what the VPA recommends.`,
    );
  }
  const old = parseMemory(textOf(place));
  const raise = raisedLimit(old.bytes, target.facts.memoryPeakBytes?.value);
  const value = formatMemory(raise.bytes, old.suffix);
  return {
    title: `raise the VPA's memory bound to ${value}`,
    edits: [editOf(place, value)],
    reason: `The container was killed for its memory, which a VPA (${pathText(path)}) sets; so the bound of the VPA is edited and not the limit.`,
    formula: `${raise.formula} = ${value}`,
    warnings: sharingWarnings([place]),
  };
}

/** A limit above what any node has free can be used by nobody. */
function roomWarnings({ nodeFreeMemory }: Facts, bytes: bigint): string[] {
  if (!nodeFreeMemory || parseMemory(nodeFreeMemory.value).bytes >= bytes) return [];
  return [
    `No node that was described has that much free: the roomiest has ${nodeFreeMemory.value}.`,
  ];
}

/** Where the memory limit of the failing container stands. */
export function locateMemoryLimit(target: FixTarget): LocatedSetting {
  return locate(target, {
    name: 'memory limit',
    path: limitTail,
    ownerOf: below(limitTail),
    seen: target.facts.memoryLimit?.value,
    isSeen: (place) => sameQuantity(textOf(place), target.facts.memoryLimit?.value ?? ''),
  });
}

/**
 * The new limit in bytes, with the formula that gave it: always above the old one and a multiple of
 * 64Mi. A peak is cut off at the limit, so one near it tells no more than none.
 */
export function raisedLimit(limit: bigint, peakBytes: number | undefined) {
  const peak = peakBytes === undefined ? undefined : BigInt(Math.ceil(peakBytes));
  const limitText = formatMemory(limit, 'Mi');
  if (peak === undefined || peak * 10n >= limit * 9n) {
    const why = peak === undefined ? 'peak unknown' : 'peak at 90% of the limit or more';
    return {
      bytes: roundUp(limit * 2n, step),
      formula: `limit x 2 (${why}) = ${limitText} x 2, rounded up to 64Mi`,
    };
  }
  const wanted = [divideUp(limit * 5n, 4n), divideUp(peak * 6n, 5n), peak + 100n * mebi];
  const bytes = wanted.reduce((a, b) => (a > b ? a : b));
  const peakText = formatMemory(roundUp(peak, mebi), 'Mi');
  return {
    bytes: roundUp(bytes, step),
    formula: `max(limit x 1.25, peak x 1.2, peak + 100Mi) = max(${limitText} x 1.25, ${peakText} x 1.2, ${peakText} + 100Mi), rounded up to 64Mi`,
  };
}

/** The change of limit and request to a new limit: the request keeps its ratio to it. */
export function limitFix(
  target: FixTarget,
  limit: LocatedSetting,
  bytes: bigint,
  words: { formula: string; reason: string },
): Fix {
  const old = parseMemory(textOf(limit.place));
  const newLimit = formatMemory(bytes, old.suffix);
  const request = requestBeside(target, limit);
  const edits = [editOf(limit.place, newLimit)];
  if (!request) {
    return {
      ...words,
      title: `raise memory limit to ${newLimit}`,
      formula: `${words.formula} = ${newLimit}`,
      edits,
      warnings: sharingWarnings([limit.place]),
    };
  }
  const oldRequest = parseMemory(textOf(request));
  const raised = keptRatio(oldRequest.bytes, old.bytes, parseMemory(newLimit).bytes);
  const written = formatMemory(raised, oldRequest.suffix);
  // A decimal suffix rounds up, above the limit even.
  const isAbove = parseMemory(written).bytes > parseMemory(newLimit).bytes;
  const newRequest = isAbove ? newLimit : written;
  edits.push(editOf(request, newRequest));
  const ratio =
    oldRequest.bytes === old.bytes
      ? 'request = limit (stays Guaranteed)'
      : `request keeps its ratio of ${textOf(request)}/${textOf(limit.place)}`;
  return {
    title: `raise memory limit to ${newLimit} and request to ${newRequest}`,
    edits,
    reason: words.reason,
    formula: `${words.formula} = ${newLimit}; ${ratio} = ${newRequest}`,
    warnings: sharingWarnings([limit.place, request]),
  };
}

function requestBeside(target: FixTarget, limit: LocatedSetting): ScalarPlace | undefined {
  const path = [...limit.owner, ...requestTail];
  const request = target.document.find(path) ? target.document.scalar(path) : undefined;
  if (request && parseMemory(textOf(request)).bytes > parseMemory(textOf(limit.place)).bytes) {
    throw new WarRoomError(
      'values-ambiguous',
      `The memory request ${textOf(request)} is above the limit ${textOf(limit.place)}, which no container can start with, so the file was left as it is; correct it first.`,
    );
  }
  return request;
}

/** Of a request that is not the limit itself, whole mebibytes. */
function keptRatio(request: bigint, oldLimit: bigint, newLimit: bigint): bigint {
  if (request === oldLimit) return newLimit;
  const exact = divideUp(request * newLimit, oldLimit);
  const rounded = roundUp(exact, mebi);
  return rounded > newLimit ? newLimit : rounded;
}
