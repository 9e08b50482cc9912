import { describe, expect, it } from 'vitest';

import type { Measure, PodMeasure, Rollout } from '../../../src/incident/rollout';
import { justCommitted } from '../../../src/incident/rollout';
import { judge } from '../../../src/verification/judge';
import { watched } from '../../../src/verification/watch';

const start = Date.parse('2026-11-22T02:00:00.000Z');
const minute = 60_000;
const iso = (minutes: number) => new Date(start + minutes * minute).toISOString();

const well: PodMeasure = {
  observed: true,
  desired: 2,
  updated: 2,
  ready: 2,
  restarts: 0,
  lastEnd: null,
  troubles: [],
  warnings: [],
  warnedAt: null,
  memoryBytes: null,
  memoryLimitBytes: null,
};
const killed = { reason: 'OOMKilled', at: iso(-1), ranMs: 4 * minute };
const again = { ...killed, at: iso(0.5) };
const pace = { stableMs: 10 * minute, graceMs: 20 * minute, intervalMs: 10 * minute };
const broken: PodMeasure = {
  ...well,
  ready: 0,
  restarts: 7,
  lastEnd: killed,
  troubles: ['CrashLoopBackOff'],
};

type At = readonly [
  minutes: number,
  pods: Partial<PodMeasure> | null,
  service?: Measure['service'],
];

function measure([minutes, pods, service = null]: At): Measure {
  return { at: iso(minutes), pods: pods && { ...well, ...pods }, service };
}

/** A change that is live at minute 0, must be stable for 10 minutes, and is decided at minute 30. */
function rollout(measures: readonly At[], before: Measure | null): Rollout {
  const live = {
    ...justCommitted,
    before,
    liveAt: iso(0),
    requiredMs: 10 * minute,
    deadline: iso(30),
  };
  return measures.map(measure).reduce<Rollout>((each, one) => watched(each, one, pace), live);
}

const before = measure([-1, broken]);
const quiet = measure([-1, {}]);
const online = { online: true, errorRate: 0 };

interface Row {
  name: string;
  measures: readonly At[];
  before?: Measure | null;
  expected: string;
  why?: RegExp;
}

const rows: readonly Row[] = [
  { name: 'nothing was measured yet', measures: [], expected: 'undecided' },
  {
    name: 'it has not been well for long enough',
    measures: [
      [0, {}],
      [9, {}],
    ],
    expected: 'undecided',
  },
  {
    name: 'it was well all the time',
    measures: [
      [0, {}],
      [10, {}],
    ],
    expected: 'recovered',
  },
  {
    name: 'it was well since the rollout came to its end',
    measures: [
      [0, { updated: 1, ready: 1 }],
      [2, {}],
      [11, {}],
    ],
    expected: 'undecided',
  },
  {
    name: 'a restart starts the time again',
    measures: [
      [0, {}],
      [8, { restarts: 1, lastEnd: { ...killed, reason: 'Error' } }],
      [12, { restarts: 1 }],
    ],
    expected: 'undecided',
  },
  {
    name: 'a warning starts the time again',
    measures: [
      [0, {}],
      [9, { warnedAt: iso(8.5) }],
      [11, { warnedAt: iso(8.5) }],
    ],
    expected: 'undecided',
  },
  {
    name: 'it was well after one restart',
    measures: [
      [0, {}],
      [3, { restarts: 1, warnedAt: iso(2) }],
      [13, { restarts: 1, warnedAt: iso(2) }],
    ],
    expected: 'recovered',
  },
  {
    name: 'the same failure came back',
    measures: [
      [0, {}],
      [4, { restarts: 2, ready: 0, lastEnd: again }],
    ],
    expected: 'not-recovered',
    why: /2 times, the last OOMKilled after 4 min/,
  },
  {
    name: 'the same failure comes back sooner than before',
    measures: [
      [0, {}],
      [1, { restarts: 2, lastEnd: { ...again, ranMs: minute } }],
    ],
    expected: 'worse',
  },
  {
    name: 'pods restart that never did before',
    before: quiet,
    measures: [
      [0, {}],
      [2, { restarts: 3, lastEnd: { ...killed, at: iso(1) } }],
    ],
    expected: 'worse',
  },
  {
    name: 'it is not ready at the deadline, and was not before',
    measures: [
      [0, { ready: 0 }],
      [30, { ready: 0 }],
    ],
    expected: 'not-recovered',
    why: /0 of 2 new pods are ready/,
  },
  {
    name: 'less is ready at the deadline than before',
    before: quiet,
    measures: [
      [0, { ready: 0 }],
      [30, { ready: 1, troubles: ['ImagePullBackOff'] }],
    ],
    expected: 'worse',
    why: /ImagePullBackOff/,
  },
  {
    name: 'nobody looked for the last 29 minutes',
    measures: [
      [0, {}],
      [1, {}],
    ],
    expected: 'undecided',
  },
  {
    name: 'its pods ended as before, but before the change',
    measures: [
      [0, { restarts: 7, lastEnd: killed }],
      [10, { restarts: 7, lastEnd: killed }],
    ],
    expected: 'recovered',
  },
  {
    name: 'its pods ended once since the change, and often before',
    measures: [
      [0, { restarts: 7, lastEnd: killed }],
      [1, { restarts: 8, lastEnd: again }],
    ],
    expected: 'undecided',
  },
  {
    name: 'no pods are wanted',
    measures: [
      [0, { desired: 0, updated: 0, ready: 0 }],
      [30, { desired: 0, updated: 0, ready: 0 }],
    ],
    expected: 'not-recovered',
    why: /no pods are wanted/,
  },
  {
    name: 'nothing was wrong before either, and it says so',
    before: quiet,
    measures: [
      [0, {}],
      [10, {}],
    ],
    expected: 'recovered',
    why: /no trouble was measured before either/,
  },
  {
    name: 'the controller has not seen the template',
    measures: [
      [0, { observed: false }],
      [10, { observed: false }],
    ],
    expected: 'undecided',
  },
  {
    name: 'memory is about to run out',
    measures: [
      [0, {}],
      [30, { memoryBytes: 98, memoryLimitBytes: 100 }],
    ],
    expected: 'not-recovered',
    why: /memory is at 98% of its limit/,
  },
  {
    name: 'the statistics alone are well',
    before: measure([-1, null, { online: false, errorRate: 0.4 }]),
    measures: [
      [0, null, online],
      [10, null, online],
    ],
    expected: 'recovered',
  },
  {
    name: 'requests still fail',
    before: measure([-1, null, { online: true, errorRate: 0.1 }]),
    measures: [
      [0, {}, { online: true, errorRate: 0.09 }],
      [30, {}, { online: true, errorRate: 0.08 }],
    ],
    expected: 'not-recovered',
    why: /8% of the load balancer's requests fail/,
  },
  {
    name: 'more requests fail than before',
    before: measure([-1, null, { online: true, errorRate: 0.1 }]),
    measures: [
      [0, {}, online],
      [30, {}, { online: true, errorRate: 0.5 }],
    ],
    expected: 'worse',
  },
];

describe('What the measures since a change is live say', () => {
  it.each(rows)('$expected: $name', (row) => {
    const last = row.measures.at(-1)?.[0] ?? 0;
    const now = row.name.startsWith('nobody looked') ? 30 : last;
    const judgement = judge(
      rollout(row.measures, row.before === undefined ? before : row.before),
      start + now * minute,
    );
    expect(judgement.kind).toBe(row.expected);
    if (row.why) expect(judgement.why).toMatch(row.why);
  });
});
