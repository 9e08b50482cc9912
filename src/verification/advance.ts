import { actionRunOf } from '../incident/clusterAction';
import type { Incident } from '../incident/incident';
import { justCommitted } from '../incident/rollout';
import type { Measure, Rollout, Verdict } from '../incident/rollout';
import type { IncidentState } from '../incident/state';
import { duration } from './amounts';
import { findingsOf } from './findings';
import { judge } from './judge';
import { liveness } from './live';
import { measureOf, oneLine } from './measure';
import type { Seen } from './measure';
import type { CommitPlace, Pace } from './ports';
import type { SeenWorkload } from './seen';
import { hasFailed } from './trouble';
import { watched } from './watch';

/** What one look found. */
export interface Look {
  seen: Seen;
  place: CommitPlace;
  at: string;
}

type Gitops = NonNullable<SeenWorkload['gitops']>;

/** Of what a controller says: the start tells it, and the rest is manifests. */
const longestWords = 200;

/** Whoever failed once in a month is not watched for two. */
const longestStableMs = 24 * 60 * 60_000;

/** The incident after a look: where its change stands, and whether it helped. */
export function advanced(incident: Incident, look: Look, pace: Pace): Incident {
  const rollout = withLook(incident.rollout ?? justCommitted, look);
  // An action changes no file: nothing of it is to be found in the live object.
  const { workload } = look.seen;
  const live = workload && !incident.proposal?.action ? liveness(incident, workload) : null;
  const waitsFor = live && live.kind !== 'live' ? live.words : null;
  if (incident.state === 'awaiting-rollout') {
    // Without anything to watch by, a person's word starts no clock.
    const { statistics, metrics } = look.seen;
    const isSeen = (workload ?? statistics ?? metrics) !== null;
    const said = rollout.stage === 'said' && isSeen && live?.kind !== 'waits';
    const isLive = live?.kind === 'live' || said;
    if (isLive) return begun(incident, rollout, look, pace);
    const mayBeLive = live?.kind === 'untold';
    const before = beforeOf(rollout, look, mayBeLive);
    const known = live?.kind === 'waits' ? withoutWord(rollout, look) : rollout;
    return { ...incident, rollout: { ...known, waitsFor, before } };
  }
  if (live?.kind === 'waits') return lost(incident, withoutWord(rollout, look), live.words);
  return judged(incident, { ...rollout, waitsFor }, look, pace);
}

/** True while there is something to look for. */
export function waitsForRollout({ state, commit, acted }: Incident): boolean {
  const made = commit !== null || acted?.result === 'done';
  return (state === 'awaiting-rollout' && made) || state === 'verifying';
}

function withLook(rollout: Rollout, { seen, place, at }: Look): Rollout {
  const { workload, unseen, unmeasured } = seen;
  const known = {
    ...rollout,
    lookedAt: at,
    unseen,
    unmeasured,
    workload: workload
      ? {
          kind: workload.workload.kind,
          name: workload.workload.name,
          namespace: workload.workload.namespace,
        }
      : (rollout.workload ?? seen.metrics?.workload ?? null),
  };
  if (rollout.stage === 'said') return known;
  const gitops = workload?.gitops;
  if (gitops) {
    const where = gitopsWords(gitops);
    // It may be in sync with a commit that does not hold the change yet.
    const stage = gitops.synced && place.stage === 'merged' ? 'synced' : place.stage;
    return { ...known, stage, where: [place.where, where].filter(Boolean).join('; ') };
  }
  return { ...known, stage: place.stage, where: place.where };
}

/** What the controller says, with its reason where it has not applied all. */
function gitopsWords({ kind, name, status, synced, message }: Gitops): string {
  const why = synced || !message ? '' : ` (${oneLine(message, longestWords)})`;
  return `${kind} ${name}: ${status}${why}`;
}

/** The old value was seen, so a person's word that it is rolled out does not hold. */
function withoutWord(rollout: Rollout, look: Look): Rollout {
  return withLook({ ...rollout, stage: 'committed' }, look);
}

/**
 * The newest measure of each part, with the last failure that a pod has shown.
 * @param mayBeLive the change may be there already: then the failure that was seen is kept
 */
function beforeOf({ before }: Rollout, { seen, at }: Look, mayBeLive: boolean): Measure | null {
  if (mayBeLive && before && hasFailed(before)) return before;
  const now = measureOf(seen, at, 'all');
  if (now.pods === null && now.service === null) return before;
  const service = now.service ?? before?.service ?? null;
  const by = { ...before?.by, ...now.by };
  if (now.pods === null) return { ...now, service, by, pods: before?.pods ?? null };
  const lastEnd = now.pods.lastEnd ?? before?.pods?.lastEnd ?? null;
  return { ...now, service, by, pods: { ...now.pods, lastEnd } };
}

/** The change is live: the clock starts. */
function begun(incident: Incident, rollout: Rollout, look: Look, pace: Pace): Incident {
  const ran = rollout.before?.pods?.lastEnd?.ranMs ?? 0;
  const requiredMs = Math.min(longestStableMs, Math.max(pace.stableMs, 2 * ran));
  const liveAt = look.at;
  const note = `The change is live${rollout.stage === 'said' && !actionRunOf(incident) ? ', a person says' : ''}; it counts as recovered after ${duration(requiredMs)} without trouble.`;
  const begins: Rollout = {
    ...rollout,
    waitsFor: null,
    liveAt,
    requiredMs,
    deadline: new Date(Date.parse(liveAt) + requiredMs + pace.graceMs).toISOString(),
    stableSince: null,
    measures: [],
  };
  const first = measureOf(look.seen, look.at, 'newest');
  return moved(incident, 'verifying', note, watched(begins, first, pace));
}

/** Somebody put another value there: the change waits again. */
function lost(incident: Incident, rollout: Rollout, words: string): Incident {
  return moved(incident, 'awaiting-rollout', `The change is not live any more: ${words}.`, {
    ...rollout,
    waitsFor: words,
    liveAt: null,
    deadline: null,
    requiredMs: null,
    stableSince: null,
    measures: [],
  });
}

function judged(incident: Incident, before: Rollout, look: Look, pace: Pace): Incident {
  const rollout = watched(before, measureOf(look.seen, look.at, 'newest'), pace);
  const judgement = judge(rollout, Date.parse(look.at));
  if (judgement.kind === 'undecided') return { ...incident, rollout };
  const result = judgement.kind;
  const name = incident.app ?? rollout.workload?.name ?? 'The service';
  const summary = `${beginnings[result](name)}: ${judgement.why}.`;
  const verdict: Verdict = { result, at: look.at, summary, findings: findingsOf(rollout) };
  const state = result === 'recovered' ? 'resolved' : 'escalated';
  return moved(incident, state, summary, { ...rollout, verdict });
}

const beginnings: Record<'recovered' | 'not-recovered' | 'worse', (name: string) => string> = {
  recovered: (name) => `${name} recovered`,
  'not-recovered': (name) => `${name} did not recover`,
  worse: (name) => `${name} does worse than before the change`,
};

function moved(incident: Incident, state: IncidentState, note: string, rollout: Rollout): Incident {
  const at = rollout.lookedAt ?? incident.updatedAt;
  return { ...incident, state, rollout, timeline: [...incident.timeline, { at, state, note }] };
}
