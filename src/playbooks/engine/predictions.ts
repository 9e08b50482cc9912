import type { Category } from '../../incident/category';
import type { Citation } from '../../incident/evidence';
import type { Container, Picture, Pod } from '../read/picture';
import type { Reading } from '../read/reading';
import { joinedPods, sameApp, type JoinedPod } from './objects';

/** Where it would be seen whether a prediction holds. */
export type Look = 'pods' | 'description' | 'claims' | 'throttling' | 'peer';

/** What would be seen if a category were the root cause. */
interface Prediction {
  says: string;
  look: Look;
  /** Other causes bring it about as well, so that it tells none of them apart. */
  common?: true;
  /** True with the line that shows it, false with the line that shows otherwise; null where nothing tells. */
  test: (view: View) => Observation | null;
}

interface Observation {
  holds: boolean;
  citation: Citation;
}

/** What is looked at: the pods of the application in question, of all that is known. */
interface View {
  pods: readonly JoinedPod[];
  containers: readonly Container[];
  picture: Picture;
  host: string | null;
}

/** A prediction, and what the evidence says of it. */
export interface Judged {
  says: string;
  look: Look;
  common: boolean;
  outcome: 'seen' | 'contradicted' | 'unobservable';
  /** The line that shows it; null for what cannot be observed. */
  citation: Citation | null;
  /** It is unobservable since a source that tells of it was cut. */
  cut: boolean;
}

/** Judges what a category predicts of an application. */
export function judge(
  category: Category,
  reading: Reading,
  app: string | null,
  host: string | null,
): Judged[] {
  const all = joinedPods(reading.picture);
  const own = app === null ? all : all.filter((pod) => sameApp(pod.app, app));
  const failing = own.filter(({ healthy }) => !healthy);
  const pods = failing.length > 0 ? failing : own;
  const containers = pods.flatMap(({ said }) => said.slice(0, 1).flatMap((pod) => pod.containers));
  const view: View = { pods, containers, picture: reading.picture, host };
  return (predictions[category] ?? []).map(({ says, look, common = false, test }) => {
    const observed = test(view);
    // What is absent from a source that was cut may stand in what is missing.
    const blind = observed === null || (!observed.holds && !reading.complete);
    return {
      says,
      look,
      common,
      outcome: blind ? 'unobservable' : observed.holds ? 'seen' : 'contradicted',
      citation: blind ? null : observed.citation,
      cut: blind && observed !== null,
    };
  });
}

const refusal = /\b(?:Error from server )?\(?Forbidden\)?: .{0,120} cannot (?:get|list|watch) /;

/** Why a prediction cannot be observed. */
export function reasonOf({ cut }: Judged, { lines }: Reading): 'not collected' | 'denied' | 'cut' {
  if (cut) return 'cut';
  return lines.some(({ text }) => text.includes('cannot') && refusal.test(text.slice(0, 400)))
    ? 'denied'
    : 'not collected';
}

/** Ends of the containers that are described. */
function ends({ containers }: View): { code: number | null; reason: string; citation: Citation }[] {
  return containers.flatMap(({ state, lastState }) =>
    [state, lastState].flatMap((each) => {
      const citation = each?.reason?.citation ?? each?.exitCode?.citation;
      if (each?.kind !== 'terminated' || !citation) return [];
      return [{ code: each.exitCode?.value ?? null, reason: each.reason?.value ?? '', citation }];
    }),
  );
}

/** Holds where some of `found` fits, does not where none does; tells nothing where there is none. */
function some<T extends { citation: Citation }>(
  found: readonly T[],
  fits: (each: T) => boolean,
): Observation | null {
  const [first] = found;
  const fitting = found.find(fits);
  if (fitting) return { holds: true, citation: fitting.citation };
  return first ? { holds: false, citation: first.citation } : null;
}

/** Whether any container of the pods in question has run, as far as that is printed. */
function runs({ pods, containers }: View): { ran: boolean; citation: Citation }[] {
  const described = containers.flatMap((container) => {
    const shown = container.state?.reason ?? container.lastState?.reason ?? container.restarts;
    if (!container.state || !shown) return [];
    const ran = container.state.startedAt !== null || container.lastState !== null;
    return [{ ran, citation: shown.citation }];
  });
  if (described.length > 0) return described;
  return pods.flatMap(({ said }) =>
    said.flatMap(({ status, ready }) =>
      status?.value === 'Running' && ready?.value === true
        ? [{ ran: true, citation: status.citation }]
        : [],
    ),
  );
}

const ended: Prediction = {
  says: 'its container ended with an error',
  common: true,
  look: 'description',
  test: (view) => {
    const seen = some(ends(view), ({ code }) => code !== null && code !== 0);
    if (seen?.holds) return seen;
    const restarts = view.containers.flatMap((each) => each.restarts ?? []);
    const well = view.pods.length > 0 && view.pods.every(({ healthy }) => healthy);
    return well ? some(restarts, ({ value }) => value > 0) : seen;
  },
};

const neverRan: Prediction = {
  says: 'its container never started',
  look: 'description',
  test: (view) => some(runs(view), ({ ran }) => !ran),
};

const withoutNode: Prediction = {
  says: 'a pod without a node',
  look: 'pods',
  test: ({ pods }) =>
    some(
      pods.flatMap(({ node, said }) =>
        said.flatMap((pod) => (pod.status ? [{ node, citation: pod.status.citation }] : [])),
      ),
      ({ node, citation }) => node === null && /Pending/.test(citation.text),
    ),
};

const memoryKill: Prediction = {
  says: 'a container that ended as OOMKilled or with exit code 137',
  look: 'description',
  test: (view) => some(ends(view), ({ code, reason }) => code === 137 || reason === 'OOMKilled'),
};

const restarted: Prediction = {
  says: 'a container that was restarted',
  common: true,
  look: 'pods',
  test: ({ containers, pods }) =>
    some(
      [...containers, ...pods.flatMap(({ said }) => said.flatMap((pod) => pod.containers))].flatMap(
        (each) => each.restarts ?? [],
      ),
      ({ value }) => value > 0,
    ),
};

const notReady: Prediction = {
  says: 'a pod that is not ready',
  common: true,
  look: 'pods',
  test: ({ pods }) =>
    some(
      pods.flatMap(({ said }) => said.flatMap(({ ready }) => ready ?? [])),
      ({ value }) => !value,
    ),
};

const unbound: Prediction = {
  says: 'a claim that is not bound',
  look: 'claims',
  test: ({ picture }) =>
    some(
      picture.claims.map(({ status }) => status),
      ({ value }) => value !== 'Bound',
    ),
};

const throttled: Prediction = {
  says: 'throttled CPU periods',
  look: 'throttling',
  test: ({ picture }) => some(picture.throttling, ({ value }) => value >= 0.05),
};

/** It ended well: as a job should, and as no server does. */
function isDone({ status }: Pod): boolean {
  return status?.value === 'Completed' || status?.value === 'Succeeded';
}

const peerDown: Prediction = {
  says: 'pods of the peer that are not well',
  look: 'peer',
  test: ({ picture, host }) => {
    if (host === null) return null;
    const named = joinedPods(picture).filter((pod) => sameApp(pod.app, host.replace(/\..*/, '')));
    // A job beside a server is none of those that serve
    const servers = named.filter(({ said }) => !said.some(isDone));
    const peers = servers.length > 0 ? servers : named;
    return some(
      peers.flatMap(({ healthy, said }) =>
        said.slice(0, 1).map((pod) => ({ serves: healthy && !isDone(pod), ...pod })),
      ),
      ({ serves }) => !serves,
    );
  },
};

/** What each category predicts that platform output shows. */
const predictions: Readonly<Partial<Record<Category, readonly Prediction[]>>> = {
  'oom-killed': [memoryKill],
  'cpu-throttled': [throttled],
  'volume-unbound': [unbound],
  'unschedulable-resources': [withoutNode],
  'unschedulable-constraints': [withoutNode],
  'image-not-found': [neverRan],
  'image-unauthorized': [neverRan],
  'image-registry-unreachable': [neverRan],
  'image-pull-rate-limited': [neverRan],
  'image-pull-timeout': [neverRan],
  'missing-config-ref': [neverRan],
  'volume-mount-failed': [neverRan],
  'volume-attach-conflict': [neverRan],
  'sandbox-failed': [neverRan],
  'missing-env': [ended],
  'bad-command': [ended],
  'dependency-missing': [ended],
  'unhandled-exception': [ended],
  'liveness-failed': [restarted],
  'crash-loop': [restarted],
  'readiness-failed': [notReady],
  'database-unavailable': [peerDown],
  'cache-unavailable': [peerDown],
  'broker-unavailable': [peerDown],
};
