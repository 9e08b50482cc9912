import type { Facts } from '../../incident/analysis';
import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import { parseQuantity } from '../quantity';
import { editOf, refusal, sharingWarnings, textOf } from './edits';
import { locateKeys } from './find';
import type { Fixer, FixTarget } from './fix';
import { mostPods } from './pods';
import { amountOf, requireEnough, writtenBelow } from './requests';
import type { Resource } from './requests';

/** What the quota counts of a pod's CPU and memory. */
interface Exceeded {
  kind: 'limits' | 'requests';
  resource: Resource;
  /** Of one pod; used by all; allowed. As written. */
  requested: string;
  used: string;
  hard: string;
}

/**
 * `quota-exceeded`: what one pod asks for, lowered until `(replicas + surge) x` it fits with what
 * others use. Others' share is what is used without our pods that run; those that are not known to
 * run count as others.
 */
export const quotaFixer: Fixer = {
  objection: (facts) =>
    exceededIn(facts)
      ? null
      : 'The quota that is used up counts something else than CPU or memory of a pod, so no value of a container cures it.',

  fix(target) {
    const exceeded = exceededIn(target.facts);
    if (!exceeded) throw refusal('The quota was read and then lost.');
    const { kind, resource } = exceeded;
    const { place, owner, why } = locateAmount(target, exceeded);
    const pods = mostPods(target);
    const old = amountOf(resource, textOf(place));
    const hard = amountOf(resource, exceeded.hard);
    const isUnused = parseQuantity(exceeded.used)?.nano === 0n;
    const used = isUnused ? 0n : amountOf(resource, exceeded.used);
    const running = BigInt(target.facts.runningPods?.value ?? 0);
    const others = used - running * old;
    const each = (hard - others) / BigInt(pods.count);
    const value = each > 0n ? writtenBelow(resource, each, textOf(place)) : '0';
    const sum = `(${exceeded.hard} - ${writtenBelow(resource, others, exceeded.used)} of others) / ${pods.words}`;
    if (each >= old) {
      throw refusal(
        `${pods.words} pods of ${textOf(place)} fit into the quota of ${exceeded.hard} beside what others use, so the amount is not what is wrong; see which old pods still hold it.`,
      );
    }
    requireAbove(target, owner, exceeded, each, value);
    requireEnough(target.facts, resource, each, value);
    requireHalf(target, resource, old, each, value, sum);
    return {
      title: `lower ${resource} ${kind.slice(0, -1)} to ${value}`,
      edits: [editOf(place, value)],
      reason: `(replicas + surge) x ${textOf(place)} does not fit into the quota of ${exceeded.hard}: ${exceeded.used} is used. With ${value} all pods of a rollout fit; ${why}.`,
      formula: `(quota - used by others) / (replicas + surge) = ${sum} = ${value}`,
      warnings: [
        `See that ${value} is enough for one pod; a larger quota is for whoever owns it.`,
        ...sharingWarnings([place]),
      ],
    };
  },

  patch: () => null,
};

/** A limit below the request is one that no container can start with. */
function requireAbove(
  { document }: FixTarget,
  owner: KeyPath,
  { kind, resource }: Exceeded,
  each: bigint,
  value: string,
): void {
  const request = document.find([...owner, 'resources', 'requests', resource]);
  if (kind !== 'limits' || !request || amountOf(resource, textOf(request)) <= each) return;
  throw refusal(
    `The limit would become ${value}, below the request ${pathText(request.keyPath)} (${textOf(request)}), so both would have to be lowered; the file was left as it is: decide that by hand.`,
  );
}

/** A pod with less than half of what it was given is rather one that will fail. */
function requireHalf(
  { facts }: FixTarget,
  resource: Resource,
  old: bigint,
  each: bigint,
  value: string,
  sum: string,
): void {
  const isKnown = resource === 'memory' && facts.memoryPeakBytes !== undefined;
  if (isKnown || each * 2n >= old) return;
  throw refusal(
    `Only ${value} of ${resource} would be left for each pod (${sum}), less than half of what it has, and what it uses is not known, so nothing was lowered; free some of the quota, or have it raised.`,
  );
}

function locateAmount(target: FixTarget, { kind, resource, requested }: Exceeded) {
  const tails = [['resources', kind, resource]];
  const nano = parseQuantity(requested)?.nano;
  const found = locateKeys(
    target,
    { name: `${resource} ${kind.slice(0, -1)}`, tails },
    requested,
    (place) => parseQuantity(textOf(place))?.nano === nano,
  );
  const other = kind === 'limits' ? 'requests' : 'limits';
  const beside = target.document.find([...found.owner, 'resources', other, resource]);
  if (kind === 'limits' && beside && textOf(beside) === textOf(found.place)) {
    throw refusal(
      `${pathText(beside.keyPath)} is as large as the limit, so the pod is Guaranteed and both would have to be lowered; the file was left as it is: decide that by hand.`,
    );
  }
  return found;
}

/** The first of CPU and memory that does not fit. */
function exceededIn({ quotaRequested, quotaUsed, quotaHard }: Facts): Exceeded | undefined {
  const [requested, used, hard] = [quotaRequested, quotaUsed, quotaHard].map((fact) =>
    listed(fact?.value ?? ''),
  );
  for (const [name, amount] of requested ?? []) {
    const match = /^(?:(limits|requests)\.)?(cpu|memory)$/.exec(name);
    const [is, most] = [used?.get(name), hard?.get(name)];
    if (!match || is === undefined || most === undefined) continue;
    const kind = match[1] === 'limits' ? 'limits' : 'requests';
    const resource = match[2] === 'cpu' ? 'cpu' : 'memory';
    return { kind, resource, requested: amount, used: is, hard: most };
  }
  return undefined;
}

function listed(text: string): Map<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  return new Map(pairs.flatMap(([name, value]) => (name && value ? [[name, value]] : [])));
}
