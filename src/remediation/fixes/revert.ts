import type { Category } from '../../incident/category';
import type { ScalarEdit } from '../../incident/proposal';
import { parseQuantity } from '../quantity';
import { pathText, startsWith } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { copied, editOf, refusal, textOf } from './edits';
import type { Fixer, FixTarget, KnownValues } from './fix';
import { askedWithDoubt, wordOfTagBack } from './image';
import { pathIn } from './known';

/** A part of the values whose change can have brought a failure about. */
interface Suspect {
  path: RegExp;
  /** It is one only where the value was more, or less, before. */
  was?: 'more' | 'less';
  /** Where putting it back would only hide the fault (a leak, a stuck start), it is no suspect. */
  hides?: true;
  /** It is one only there: a new image that leaks. */
  onlyHidden?: true;
}

const image: Suspect = { path: /(?:^|\.)images?(?:\.|$)|tag$/i };
const leakingImage: Suspect = { ...image, onlyHidden: true };
const memory: Suspect = { path: /limits\.memory$/, was: 'more', hides: true };
const heap: Suspect = { path: /xmx|old.space|heap|java_?opts|node_options/i, hides: true };
const cpu: Suspect = { path: /limits\.cpu$/, was: 'more' };
const address: Suspect = { path: /probe.*\.(?:port|path|scheme|host)$|probe.*command/i };
const timing: Suspect = {
  path: /probe.*(?:Seconds|failureThreshold)$/i,
  was: 'more',
  hides: true,
};
const variables: Suspect = { path: /env|config|settings|args|extraVolumes/i };
const references: Suspect = { path: /ref|secret|configmap|existing|env/i };
const command: Suspect = { path: /(?:^|\.)(?:command|args|entrypoint)(?:\.|$)/i };
const requests: Suspect = { path: /requests\.(?:cpu|memory|ephemeral-storage)$/, was: 'less' };
const amounts: Suspect = { path: /(?:requests|limits)\.(?:cpu|memory)$/, was: 'less' };
const scale: Suspect = { path: /replicas|replicaCount|maxReplica/i, was: 'more' };
const moreReplicas: Suspect = { path: /replicas|replicaCount|maxReplica/i, was: 'less' };
const placement: Suspect = { path: /nodeSelector|affinity|tolerations|topologySpread/i };
const storage: Suspect = { path: /storageClass|persistence|volume/i };
const scratch: Suspect = { path: /ephemeral-storage$|sizeLimit$/, was: 'more' };
const service: Suspect = { path: /service|selector|labels|targetPort|containerPort/i };
const ingress: Suspect = { path: /ingress|service/i };
const pullSecrets: Suspect = { path: /pullSecret/i };
const account: Suspect = { path: /serviceAccount|rbac/i };
const security: Suspect = { path: /securityContext/i };
const grace: Suspect = { path: /gracePeriod|preStop/i, was: 'more', hides: true };
const pool: Suspect = { path: /pool|connection/i, was: 'less' };
const peer: Suspect = { path: /env|host|url|port|endpoint|address|service/i };
const tls: Suspect = { path: /tls|cert|ca|secret|host/i };

const code = [image, command, variables];
const toPeer = [peer];

/** Which changes of the last 24 h fit which failure. */
export const suspects: Readonly<Partial<Record<Category, readonly Suspect[]>>> = {
  'oom-killed': [memory, leakingImage],
  'heap-exhausted': [memory, heap, leakingImage],
  'cpu-throttled': [cpu],
  'liveness-failed': [address, timing, leakingImage],
  'readiness-failed': [address, timing, leakingImage],
  'startup-failed': [address, timing, leakingImage],
  'shutdown-timeout': [grace],
  'image-not-found': [image],
  'image-unauthorized': [image, pullSecrets],
  'image-pull-rate-limited': [pullSecrets],
  'image-platform-mismatch': [image],
  'version-incompatible': [image],
  'dependency-missing': [image],
  'missing-env': [variables],
  'missing-config-ref': [references],
  'invalid-config': [variables],
  'bad-command': [command, image],
  'permission-denied': [security, image],
  'read-only-filesystem': [security, storage],
  'port-in-use': [service, variables],
  'unschedulable-resources': [requests],
  'unschedulable-constraints': [placement],
  'quota-exceeded': [amounts, moreReplicas],
  'volume-unbound': [storage],
  'volume-mount-failed': [references, storage],
  'ephemeral-storage-evicted': [scratch],
  'no-endpoints': [service, scale],
  'ingress-misconfigured': [ingress],
  'traffic-overload': [scale],
  'database-connections-exhausted': [pool, moreReplicas],
  'forbidden-rbac': [account],
  'admission-denied': [security, amounts],
  'dns-failure': toPeer,
  'connection-refused': toPeer,
  'connection-timeout': toPeer,
  'connection-reset': toPeer,
  'upstream-5xx': [image, ...toPeer],
  'database-unavailable': toPeer,
  'cache-unavailable': toPeer,
  'broker-unavailable': toPeer,
  'database-auth': [references, peer],
  unauthorized: [references, peer],
  'tls-untrusted': [tls],
  'tls-name-mismatch': [tls, peer],
  'unhandled-exception': code,
  'stack-overflow': [image],
  segfault: [image],
  'exited-normally': code,
  'regression-after-deploy': code,
  'crash-loop': code,
};

/** Commits of the 24 h before, as the root cause lists them. */
export function commitsIn(changes: readonly string[]): string[] {
  return changes.flatMap((line) => /^([0-9a-f]{7,40}) \d{4}-\d\d-\d\dT/.exec(line)?.[1] ?? []);
}

/**
 * Puts back what one recent commit changed in the file, where that fits the failure.
 * @param commits short or whole names, newest first
 * @param hidden no value may be changed that would only hide the fault
 */
export function revertFixer(
  category: Category,
  commits: readonly string[],
  hidden: boolean,
): Fixer {
  const wanted = (suspects[category] ?? []).filter(({ hides, onlyHidden }) =>
    hidden ? !hides : !onlyHidden,
  );
  return {
    needsKnown: true,
    objection: () => null,
    ...(category === 'image-not-found' ? { asksFor: askedWithDoubt } : {}),

    fix(target) {
      for (const [index, after] of target.earlier.entries()) {
        const before = target.earlier[index + 1];
        const isRecent = commits.some((commit) => after.commit?.startsWith(commit));
        if (!before || !isRecent) continue;
        const changes = changesBetween(target, before, after);
        const fits = changes.filter((change) => wanted.some((each) => isSuspect(each, change)));
        const isHiding =
          hidden && changes.some(({ path }) => hiding.some((it) => it.path.test(path)));
        if (fits.length === 0 || isHiding) continue;
        const textsBack = changes.map(
          ({ path, before: was }) => [path, was && textOf(was)] as const,
        );
        const word = wordOfTagBack(target, new Map(textsBack));
        return {
          title: `Revert ${after.commit?.slice(0, 8)}: ${after.subject}`,
          reverts: after.where,
          edits: changes.map((change) => backEdit(target, after, change)),
          reason: `This commit came in the 24 h before the failure and changed what fits it: ${fits.slice(0, 3).map(wordsOf).join(', ')}.${word.reason}`,
          formula: null,
          warnings: ['What the commit changed in other files stays as it is.', ...word.warnings],
        };
      }
      throw refusal(
        'No commit of the last 24 h changed what fits the failure.',
        'values-key-missing',
      );
    },

    patch: () => null,
  };
}

const hiding = [memory, heap, timing, grace];

/** A scalar that a commit changed, took out or added; the path is that of the target's file. */
interface Change {
  path: string;
  keyPath: KeyPath;
  before: ScalarPlace | undefined;
  after: ScalarPlace | undefined;
}

function changesBetween(target: FixTarget, before: KnownValues, after: KnownValues): Change[] {
  const own = (known: KnownValues) =>
    known.document
      .scalars()
      .filter(({ keyPath }) => startsWith(keyPath, known.prefix))
      .map(({ keyPath }) => [...target.prefix, ...keyPath.slice(known.prefix.length)]);
  const paths = new Map([...own(before), ...own(after)].map((path) => [pathText(path), path]));
  return [...paths].flatMap(([path, keyPath]) => {
    const was = before.document.find(pathIn(target, before, keyPath));
    const is = after.document.find(pathIn(target, after, keyPath));
    const same = was && is ? textOf(was) === textOf(is) : was === is;
    return same ? [] : [{ path, keyPath, before: was, after: is }];
  });
}

function isSuspect({ path, was }: Suspect, change: Change): boolean {
  const text = change.before?.source ?? '';
  if (!path.test(change.path) && !(path === heap.path && path.test(text))) return false;
  if (was === undefined) return true;
  const [old, now] = [change.before, change.after].map(
    (place) => place && parseQuantity(textOf(place))?.nano,
  );
  if (old === undefined || now === undefined) return false;
  return was === 'more' ? old > now : old < now;
}

function backEdit(target: FixTarget, after: KnownValues, change: Change): ScalarEdit {
  const place = target.document.find(change.keyPath);
  const isAsCommitted = (place && textOf(place)) === (change.after && textOf(change.after));
  if (!isAsCommitted || !change.before) {
    const why = isAsCommitted
      ? 'was added by it, and a revert would take it out'
      : 'was changed again';
    throw refusal(`${change.path} ${why} since ${after.where}, so that is not reverted here.`);
  }
  return place
    ? editOf(place, textOf(change.before), change.before)
    : copied(change.keyPath, change.before);
}

function wordsOf({ path, before, after }: Change): string {
  if (!before) return `${path} was added`;
  return after
    ? `${path} was ${textOf(before)} and became ${textOf(after)}`
    : `${path} was taken out (${textOf(before)})`;
}
