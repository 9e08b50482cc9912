import { actionRunOf } from './clusterAction';
import type { Incident } from './incident';
import { justCommitted } from './rollout';
import type { Rollout } from './rollout';
import { stateWords } from './state';

/** What is done next with a committed change: one sentence, with commands to copy. */
export interface RolloutStep {
  sentence: string;
  commands: readonly { title: string; command: string }[];
}

/** Where a committed change stands and what a person does now. */
export function rolloutStep(incident: Incident): RolloutStep {
  const { state, commit, rollout = justCommitted } = incident;
  const { verdict } = rollout;
  if (verdict) {
    const worse = verdict.result === 'worse' && commit !== null;
    const escalated = state === 'escalated';
    return {
      sentence: [
        verdict.summary,
        ...(worse ? ['Revert the change, and look at what was found.'] : []),
        ...(escalated && !worse ? ['Somebody has to look: what was found stands below.'] : []),
      ].join(' '),
      commands: worse ? [{ title: 'Revert the change', command: `git revert ${commit}` }] : [],
    };
  }
  if (state === 'verifying') return { sentence: watchedSentence(rollout), commands: [] };
  const { sentence, commands } = stages[rollout.stage](incident, rollout);
  return { sentence: [sentence, ...notLive(rollout)].join(' '), commands };
}

/** What was seen of the change's way and of the service, one line each; for the page. */
export function rolloutLines({ state, rollout }: Incident): string[] {
  if (!rollout) return [];
  const { lookedAt, where, workload, verdict, waitsFor, unseen, unmeasured = [] } = rollout;
  if (verdict) return [verdict.summary, ...verdict.findings];
  const newest = rollout.measures.at(-1)?.pods;
  return [
    ...(where ? [`Seen at ${where}`] : []),
    ...(workload ? [`Runs as ${workload.kind}/${workload.name} in ${workload.namespace}`] : []),
    ...(waitsFor ? [waitsFor] : []),
    ...(state === 'verifying' && newest
      ? [`${newest.ready} of ${newest.desired} new pods ready, ${newest.restarts} restarts`]
      : []),
    ...(unseen ? [`Not seen: ${unseen}`] : []),
    ...unmeasured.map((each) => `Not measured: ${each}`),
    ...(lookedAt ? [`Looked at ${time(lookedAt)}`] : []),
  ];
}

/** The state in a person's words, with how far the change came. */
export function stateInWords(incident: Incident): string {
  if (incident.reverted) return 'fix taken back';
  return rolloutWords(incident) ?? stateWords[incident.state];
}

/** A few words for a list: "committed, not pushed", "1 of 2 pods ready". */
function rolloutWords(incident: Incident): string | null {
  const { state, rollout } = incident;
  if (!rollout) return null;
  if (state === 'awaiting-rollout' && actionRunOf(incident)) return 'done in the cluster';
  if (state === 'awaiting-rollout') return stageWords[rollout.stage];
  const pods = rollout.measures.at(-1)?.pods;
  if (state !== 'verifying' || !pods) return null;
  return `${pods.ready} of ${pods.desired} pods ready`;
}

const stageWords: Record<Rollout['stage'], string> = {
  committed: 'committed, not pushed',
  pushed: 'pushed, not merged',
  merged: 'merged, not live',
  synced: 'synced, not live',
  said: 'said to be rolled out, not seen',
};

const stages: Record<Rollout['stage'], (incident: Incident, rollout: Rollout) => RolloutStep> = {
  committed: ({ commit }) => ({
    sentence: `Push the commit ${commit?.slice(0, 10) ?? ''} so that it rolls out; a local commit changes no cluster.`,
    commands: [{ title: 'Push', command: 'git push' }],
  }),
  pushed: (_, { where }) => ({
    sentence: `It is pushed as ${where ?? 'a branch'}: merge it so that it rolls out.`,
    commands: [],
  }),
  merged: (_, { where }) => ({
    sentence: `${where ?? 'The default branch'} holds it, and it waits to be rolled out.`,
    commands: [],
  }),
  synced: (_, { where }) => ({
    sentence: `It is told to be rolled out (${where ?? 'synced'}).`,
    commands: [],
  }),
  said: () => ({ sentence: 'A person says that it is rolled out.', commands: [] }),
};

function notLive({ waitsFor, unseen }: Rollout): string[] {
  if (waitsFor) return [`It is not live yet: ${waitsFor}.`];
  if (!unseen) return [];
  const seen = `Whether it is live cannot be seen: ${unseen.replace(/\.?$/, '.')}`;
  return [`${seen} Mark it as rolled out, or as resolved, when you know that it is.`];
}

function watchedSentence({ liveAt, deadline }: Rollout): string {
  return `The change is live since ${time(liveAt ?? '')} and the service is watched; it is decided by ${time(deadline ?? '')}.`;
}

/** Minutes are enough for a person. */
function time(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
