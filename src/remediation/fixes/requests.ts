import { WarRoomError } from '../../base/errors';
import type { Facts } from '../../incident/analysis';
import { formatCpu, formatMemory, mebi, parseCpu, parseMemory, parseQuantity } from '../quantity';
import { pathText } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, refusal, sharingWarnings, textOf } from './edits';
import { locateKeys } from './find';
import type { Fixer, FixTarget } from './fix';
import { resourceOwner } from './owners';

export type Resource = 'cpu' | 'memory';

/** Bytes, or thousandths of a core. */
export function amountOf(resource: Resource, text: string): bigint {
  if (resource === 'memory') return parseMemory(text).bytes;
  const cpu = parseCpu(text);
  if (cpu) return cpu.millis;
  throw refusal(
    `"${text}" is no amount of CPU, so it was left as it is; write for example 500m or 1.`,
    'values-unparsable',
  );
}

/** The amount rounded down to whole mebibytes or 10m, in the suffix of the text that it replaces. */
export function writtenBelow(resource: Resource, amount: bigint, like: string): string {
  const suffix = parseQuantity(like)?.suffix ?? '';
  return resource === 'memory'
    ? formatMemory((amount / mebi) * mebi, suffix)
    : formatCpu((amount / 10n) * 10n, suffix);
}

export function seenRequest(facts: Facts, resource: Resource): string | undefined {
  return (resource === 'memory' ? facts.memoryRequest : facts.cpuRequest)?.value;
}

/** `unschedulable-resources`: the request, lowered to what the roomiest node has free and no further. */
export const requestFixer: Fixer = {
  objection(facts) {
    const resource = resourceOf(facts);
    if (!resource) return 'The nodes are short of something that no request of a value sets.';
    return freeOf(facts, resource) === undefined
      ? `How much ${resource} the nodes have free was not collected, and a request is lowered only to what fits: describe the nodes and diagnose again.`
      : null;
  },

  fix(target) {
    const { facts } = target;
    const resource = resourceOf(facts) ?? 'memory';
    const free = freeOf(facts, resource) ?? '';
    const vpa = resourceOwner(target);
    if (vpa) {
      throw refusal(
        `A VPA (${pathText(vpa.path)}) owns the requests, so they were left as they are; lower its maxAllowed to what a node has free (${free}).`,
      );
    }
    const { place, why } = locateRequest(target, resource);
    const [old, room] = [amountOf(resource, textOf(place)), amountOf(resource, free)];
    if (old <= room) {
      throw refusal(
        `${pathText(place.keyPath)} is ${textOf(place)}, and a node has ${free} free, so the request is not what keeps the pod from a node; the file was left as it is.`,
      );
    }
    const value = writtenBelow(resource, room, textOf(place));
    requireEnough(facts, resource, amountOf(resource, value), value);
    return {
      title: `lower ${resource} request to ${value}`,
      edits: [editOf(place, value)],
      reason: `No node has ${textOf(place)} of ${resource} free; the roomiest has ${free}. The request is lowered to what fits there; ${why}. The limit stays.`,
      formula: `what the roomiest node has free, rounded down = ${value}`,
      warnings: [
        `The pod may then share its node's ${resource} with others under pressure: a node with more room is the lasting cure.`,
        'What fits is what was free when it was looked at, and holds one pod.',
        ...sharingWarnings([place]),
      ],
    };
  },

  patch: () => null,
};

export function locateRequest(target: FixTarget, resource: Resource) {
  const seen = seenRequest(target.facts, resource);
  const isSeen = (place: ScalarPlace) =>
    parseQuantity(textOf(place))?.nano === parseQuantity(seen ?? '')?.nano;
  const tails = [['resources', 'requests', resource]];
  return locateKeys(target, { name: `${resource} request`, tails }, seen, isSeen);
}

/** Throws where the program was seen to use more than it would be given. */
export function requireEnough(
  facts: Facts,
  resource: Resource,
  amount: bigint,
  said: string,
): void {
  const peak = facts.memoryPeakBytes?.value;
  if (amount > 0n && (resource !== 'memory' || peak === undefined || amount >= peak)) return;
  const used = peak === undefined ? '' : `, and the program used ${Math.ceil(peak / 2 ** 20)}Mi`;
  throw new WarRoomError(
    'values-ambiguous',
    `Only ${said} of ${resource} would fit${used}, so nothing was lowered: it would fail for want of it. Free room, or get more.`,
  );
}

function resourceOf({ resource }: Facts): Resource | undefined {
  return resource?.value === 'cpu' || resource?.value === 'memory' ? resource.value : undefined;
}

function freeOf(facts: Facts, resource: Resource): string | undefined {
  return (resource === 'cpu' ? facts.nodeFreeCpu : facts.nodeFreeMemory)?.value;
}
