import { describe, expect, it } from 'vitest';

import type { Incident } from '../../../src/incident/incident';
import { pageOf } from '../../../src/incident/page';
import { justCommitted } from '../../../src/incident/rollout';
import { nextLook } from '../../../src/rolloutPace';
import { newIncident } from '../../../src/store/draft';
import { advanced } from '../../../src/verification/advance';
import type { Look } from '../../../src/verification/advance';
import type { CommitPlace } from '../../../src/verification/ports';
import type { SeenWorkload } from '../../../src/verification/seen';

const begin = Date.parse('2026-11-22T02:00:00.000Z');
const minute = 60_000;
const iso = (minutes: number) => new Date(begin + minutes * minute).toISOString();
const pace = { stableMs: 10 * minute, graceMs: 20 * minute, intervalMs: 10 * minute };
const sha = 'c0ffee0123456789c0ffee0123456789c0ffee01';
const place = { context: null, namespace: 'prod', application: null, valuesFile: null };

/** Committed at minute 0: the limit goes from 512Mi to 1Gi. */
function committed(): Incident {
  const draft = { trigger: 'log', repository: '/r', root: '/r', place, fingerprint: 'f' };
  const keyPath = ['resources', 'limits', 'memory'];
  const edits = [{ keyPath, before: '512Mi', after: '1Gi' }];
  return {
    ...newIncident(draft, 'incident-20261121120509', iso(-5)),
    state: 'awaiting-rollout',
    app: 'shop',
    commit: sha,
    proposal: {
      kind: 'values-edit',
      title: 'raise it',
      files: [{ path: 'values.yaml', edits, diff: '', baseDigest: '' }],
      reason: '',
      formula: null,
      warnings: [],
    },
    decision: { kind: 'approved', by: '', at: iso(0), values: {}, commit: null, branch: null },
  };
}

interface Shown {
  memory?: string;
  restarts?: number;
  ready?: boolean;
  /** Minutes that the last container ran. */
  ran?: number;
  gitops?: SeenWorkload['gitops'];
}

/** One pod of the newest template. */
function workload({
  memory = '512Mi',
  restarts = 0,
  ready = true,
  ran,
  gitops,
}: Shown): SeenWorkload {
  const lastEnd =
    ran === undefined
      ? null
      : { reason: 'OOMKilled', startedAt: iso(-ran - 1), finishedAt: iso(-1) };
  const counts = { generation: 1, observedGeneration: 1, desired: 1, updated: 1, ready: 1 };
  return {
    workload: { kind: 'Deployment', name: 'shop', namespace: 'prod', ...counts },
    template: {
      serviceAccount: 'default',
      nodeSelector: {},
      terminationGracePeriodSeconds: 30,
      security: {},
      references: [],
    },
    services: [],
    containers: [
      {
        name: 'shop',
        image: 'shop:1',
        limits: { memory },
        requests: {},
        env: {},
        command: [],
        args: [],
        security: {},
        probes: { liveness: null, readiness: null, startup: null },
      },
    ],
    pods: [
      {
        name: 'shop-1',
        newest: true,
        ready,
        status: 'Running',
        restarts,
        lastEnd,
        memoryBytes: null,
      },
    ],
    warnings: [],
    gitops: gitops ?? null,
  };
}

const nothing = { workload: null, statistics: null, metrics: null, unmeasured: [] };
const here: CommitPlace = { stage: 'committed', where: null };
const merged: CommitPlace = { stage: 'merged', where: 'origin/main' };

function look(minutes: number, shown: Shown | null, from: CommitPlace = merged): Look {
  const unseen = shown ? null : 'There is no kubeconfig.';
  const seen = { ...nothing, workload: shown && workload(shown), unseen };
  return { seen, place: from, at: iso(minutes) };
}

const after = (looks: readonly Look[], incident = committed()) =>
  looks.reduce((each, one) => advanced(each, one, pace), incident);

describe('A committed change', () => {
  it.each<[string, Look, RegExp]>([
    ['is pushed first', look(1, {}, here), /^Push the commit c0ffee0123 /],
    [
      'is merged then',
      look(1, {}, { stage: 'pushed', where: 'origin/fix' }),
      /origin\/fix: merge it/,
    ],
    [
      'waits to be rolled out',
      look(1, {}),
      /^origin\/main holds it, .*is 512Mi, and 1Gi is awaited/,
    ],
    [
      'waits although its application is in sync',
      look(1, {
        gitops: {
          kind: 'Application',
          name: 'shop',
          synced: true,
          status: 'Synced',
          message: null,
        },
      }),
      /Application shop: Synced.* not live yet/,
    ],
    [
      'cannot be applied, and its controller says why',
      look(1, {
        gitops: {
          kind: 'HelmRelease',
          name: 'shop',
          synced: false,
          status: 'UpgradeFailed',
          message: 'spec.selector:\n field is immutable',
        },
      }),
      /HelmRelease shop: UpgradeFailed \(spec\.selector: field is immutable\)/,
    ],
    [
      'is left to the person where nothing can be seen',
      look(1, null),
      /no kubeconfig.* Mark it as/,
    ],
  ])('%s', (_, seen, sentence) => {
    const incident = after([seen]);
    expect(incident.state).toBe('awaiting-rollout');
    expect(pageOf(incident).doNow.sentence).toMatch(sentence);
  });

  it('starts the clock when it is live, for twice the former time to failure', () => {
    const incident = after([look(1, { ran: 8 }), look(3, { memory: '1Gi' })]);
    expect(incident).toMatchObject({
      state: 'verifying',
      rollout: { liveAt: iso(3), requiredMs: 16 * minute, deadline: iso(3 + 16 + 20) },
    });
  });

  it('has recovered when it was stable for that long, and the page has before and after', () => {
    const looks = [look(1, { restarts: 6, ran: 1 }), look(2, { memory: '1Gi' })];
    const incident = after([...looks, look(12, { memory: '1Gi' })]);
    expect(incident.state).toBe('resolved');
    expect(incident.timeline.at(-1)?.note).toBe('shop recovered: stable for 10 min.');
    expect(pageOf(incident).verification.slice(1)).toEqual([
      'Before: 1 of 1 pods ready, 6 restarts, last ended OOMKilled after 60 s',
      'Now: 1 of 1 pods ready, 0 restarts',
    ]);
  });

  it('is escalated with a revert when less runs than before', () => {
    const late = [3, 33].map((at) => look(at, { memory: '1Gi', ready: false }));
    const incident = after([look(1, {}), ...late]);
    expect(incident.state).toBe('escalated');
    expect(pageOf(incident).doNow.commands).toEqual([
      { title: 'Revert the change', command: `git revert ${sha}` },
    ]);
  });

  it('waits again when somebody puts the old value back', () => {
    const incident = after([look(1, { memory: '1Gi' }), look(2, {})]);
    expect(incident).toMatchObject({ state: 'awaiting-rollout', rollout: { liveAt: null } });
    expect(incident.timeline.at(-1)?.note).toContain('not live any more');
  });

  it("is watched on a person's word where only the service can be seen", () => {
    const said = committed();
    const rollout = { ...justCommitted, stage: 'said' as const };
    const statistics = { online: true, errorRate: 0 };
    const seen = { ...nothing, statistics, unseen: 'There is no kubeconfig.' };
    const looks = [1, 11].map((minutes) => ({ seen, place: here, at: iso(minutes) }));
    expect(after(looks, { ...said, rollout }).state).toBe('resolved');
  });

  it('is watched although it changed no file: an action in the cluster', () => {
    const base = committed();
    const action = {
      tool: 'restart_deployment' as const,
      arguments: { deployment: 'shop' },
      place: { context: 'prod', namespace: 'prod' },
      now: '',
      after: '',
      replicas: 1,
    };
    const proposal = base.proposal && { ...base.proposal, files: [], action };
    const rollout = { ...justCommitted, stage: 'said' as const };
    const restarted = { ...base, commit: null, proposal, rollout };
    expect(after([look(1, {})], restarted).state).toBe('verifying');
    expect(after([look(1, {}), look(12, {})], restarted).state).toBe('resolved');
  });

  it("takes a person's word back when the old value is seen", () => {
    const said = { ...committed(), rollout: { ...justCommitted, stage: 'said' as const } };
    expect(after([look(1, {})], said)).toMatchObject({
      state: 'awaiting-rollout',
      rollout: { stage: 'merged' },
    });
  });

  it('keeps what the service told before when it is silent once', () => {
    const statistics = { online: false, errorRate: 0.4 };
    const told = { seen: { ...look(1, {}).seen, statistics }, place: merged, at: iso(1) };
    expect(after([told, look(2, {})]).rollout?.before?.service).toEqual(statistics);
  });

  it('keeps hundreds of measures, not thousands', () => {
    const looks = Array.from({ length: 500 }, (_, at) =>
      look(at / 100, { memory: '1Gi', ready: at % 2 === 0 }),
    );
    expect(after(looks).rollout?.measures).toHaveLength(300);
  });
});

describe('The next look', () => {
  const seconds = { stableMinutes: 10, graceMinutes: 20, intervalSeconds: 15 };
  const next = (incident: Incident, minutes: number) =>
    nextLook(incident, begin + minutes * minute, seconds);

  it('is due at once, then grows rarer, and ends after a week', () => {
    expect(next(committed(), 1)).toBe(0);
    const looked = (minutes: number) => after([look(minutes, {})]);
    expect(next(looked(1), 1)).toBe(15_000);
    expect(next(looked(60), 60)).toBe(minute);
    expect(next(looked(600), 600)).toBe(5 * minute);
    expect(next(looked(1), 8 * 24 * 60)).toBeNull();
  });

  it('grows rarer while nothing is seen of what is watched', () => {
    const live = after([look(1, { memory: '1Gi' })]);
    expect(next(live, 1)).toBe(15_000);
    const blind = after([look(60, null)], live);
    expect(next(blind, 60)).toBe(minute);
  });

  it('is not put off by a clock that was set back', () => {
    expect(next(after([look(60, {})]), 1)).toBe(15_000);
  });

  it('is never for what waits for no rollout', () => {
    expect(next({ ...committed(), state: 'resolved' }, 1)).toBeNull();
    expect(next({ ...committed(), commit: null }, 1)).toBeNull();
  });
});
