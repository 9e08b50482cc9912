import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import { editOf, refusal, sharingWarnings, textOf, wholeNumber } from './edits';
import { locateKeys, ownerBelow, placesOf } from './find';
import { fitsContainer } from './locate';
import type { Fix, Fixer, FixTarget } from './fix';
import { lastGood, sourceWords } from './known';
import { isSwitchedOff, replicaOwner } from './owners';
import type { FieldOwner } from './owners';

export const replicaKeys: readonly KeyPath[] = [
  ['replicaCount'],
  ['replicas'],
  ['spec', 'replicas'],
  ['deployment', 'replicaCount'],
];
const maximumKeys = ['maxReplicas', 'maxReplicaCount', 'max'];

const afterwards =
  'If callers wait for one slow peer, more replicas only press it harder; look at it first. More replicas also need room on the nodes and connections of the database.';

/** `traffic-overload`: the autoscaler's upper bound where there is one, else the replicas. */
export const replicasFixer: Fixer = {
  needsKnown: true,
  objection: () => null,

  fix(target) {
    const owner = replicaOwner(target);
    return owner ? boundFix(target, owner) : countFix(target);
  },

  patch(facts) {
    const now = facts.replicas?.value;
    if (now === undefined || facts.autoscaler) return null;
    return `replicaCount: ${more(now).value}\n`;
  },
};

function boundFix(target: FixTarget, { kind, path }: FieldOwner): Fix {
  const key = maximumKeys.find((each) => target.document.find([...path, each]));
  if (key === undefined) {
    throw refusal(
      `The ${kind} of ${pathText(path)} owns the replicas, and the file gives it no upper bound, so it was left as it is; set the bound where your chart reads it.`,
    );
  }
  const place = target.document.scalar([...path, key]);
  const old = wholeNumber(place);
  const now = target.facts.replicas?.value;
  if (now !== undefined && now < old) {
    throw refusal(
      `The ${kind} owns the replicas and runs ${now} of at most ${old}, so a higher bound would change nothing; see what it measures. The file was left as it is.`,
    );
  }
  const { value, formula } = more(old);
  const seen =
    now === undefined
      ? [`See that the ${kind} is at its bound of ${old}: that was not shown.`]
      : [];
  return {
    title: `raise ${key} of the ${kind} to ${value}`,
    edits: [editOf(place, String(value))],
    reason: `More comes than the pods can serve. The ${kind} of ${pathText(path)} owns the replicas, so its bound is edited and not the number of replicas.`,
    formula,
    warnings: [...seen, afterwards, ...sharingWarnings([place])],
  };
}

function countFix(target: FixTarget): Fix {
  const autoscaler = target.facts.autoscaler?.value;
  if (autoscaler !== undefined) {
    throw refusal(
      `The autoscaler ${autoscaler} owns the replicas and is not set in this file, so the number of replicas was left as it is; raise the bound where the autoscaler is defined.`,
    );
  }
  const owning = target.others.find((known) => replicaOwner({ ...target, ...known }));
  if (owning && !isSwitchedOff(target)) {
    throw refusal(
      `${owning.where} switches an autoscaler on, which owns the replicas, so the number of replicas was left as it is; raise the autoscaler's bound.`,
      'values-key-missing',
    );
  }
  const seen = target.facts.replicas?.value;
  const { place, why } = locateKeys(
    target,
    { name: 'number of replicas', tails: replicaKeys },
    seen === undefined ? undefined : String(seen),
    (candidate) => textOf(candidate) === String(seen),
  );
  const { value, formula } = more(wholeNumber(place));
  return {
    title: `raise replicas to ${value}`,
    edits: [editOf(place, String(value))],
    reason: `More comes than the pods can serve; ${why}.`,
    formula,
    warnings: [afterwards, ...sharingWarnings([place])],
  };
}

function more(old: number) {
  const value = Math.max(old + 1, Math.ceil(old * 1.5));
  return { value, formula: `max(n + 1, n x 1.5), rounded up, of ${old} = ${value}` };
}

/** What was scaled to zero gets back the number that it had. */
export function revivedFix(target: FixTarget): Fix | null {
  const ownerOf = ownerBelow(replicaKeys);
  const zero = placesOf(target, replicaKeys)
    .filter((place) => textOf(place) === '0')
    .filter((place) => fitsContainer(target, (ownerOf(place) ?? []).slice(target.prefix.length)));
  const [place, ...others] = zero;
  if (!place || others.length > 0 || replicaOwner(target)) return null;
  const good = lastGood(target, place.keyPath, (text) => Number(text) > 0);
  if (!good) return null;
  return {
    title: `set replicas back to ${good.text}`,
    edits: [editOf(place, good.text)],
    reason: `${pathText(place.keyPath)} is 0, so nothing serves; it was ${good.text}, ${sourceWords(good)}.`,
    formula: null,
    warnings: sharingWarnings([place]),
  };
}
