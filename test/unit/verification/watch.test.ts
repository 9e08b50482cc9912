import { describe, expect, it } from 'vitest';

import type { Measure, Rollout } from '../../../src/incident/rollout';
import { justCommitted } from '../../../src/incident/rollout';
import { judge } from '../../../src/verification/judge';
import { watched } from '../../../src/verification/watch';

const start = Date.parse('2026-11-22T02:00:00.000Z');
const minute = 60_000;
const iso = (minutes: number) => new Date(start + minutes * minute).toISOString();
const pace = { stableMs: 10 * minute, graceMs: 20 * minute, intervalMs: 15_000 };

const well = {
  observed: true,
  desired: 1,
  updated: 1,
  ready: 1,
  restarts: 0,
  lastEnd: null,
  troubles: [],
  warnings: [],
  warnedAt: null,
  memoryBytes: null,
  memoryLimitBytes: null,
};
const online = { online: true, errorRate: null };

/** Live at minute 0, to be stable for `required` minutes, decided 20 minutes later. */
function live(required: number): Rollout {
  const requiredMs = required * minute;
  return { ...justCommitted, liveAt: iso(0), requiredMs, deadline: iso(required + 20) };
}

const every15Seconds = (from: number, to: number) =>
  Array.from({ length: (to - from) * 4 + 1 }, (_, at) => from + at / 4);

const calm = (minutes: number): Measure => ({ at: iso(minutes), pods: well, service: null });
const after = (measures: readonly Measure[], from: Rollout) =>
  measures.reduce((rollout, measure) => watched(rollout, measure, pace), from);
const verdict = (rollout: Rollout, minutes: number) => judge(rollout, start + minutes * minute);

describe('A service that is watched', () => {
  it('recovers after hours of which not every measure is kept', () => {
    const rollout = after(every15Seconds(0, 300).map(calm), live(300));
    expect(rollout.measures.length).toBeLessThan(1000);
    expect(verdict(rollout, 300)).toMatchObject({ kind: 'recovered' });
  });

  it('has not been watched while nobody looked: it begins again, and is decided later', () => {
    const rollout = after([...every15Seconds(0, 5), 65].map(calm), live(10));
    expect(rollout).toMatchObject({ stableSince: iso(65), deadline: iso(90) });
    expect(verdict(rollout, 65)).toMatchObject({ kind: 'undecided', stableMs: 0 });
    const whole = after(every15Seconds(65.25, 75).map(calm), rollout);
    expect(verdict(whole, 75)).toMatchObject({ kind: 'recovered' });
  });

  it('is not stable by what is only half seen', () => {
    const both = { ...calm(0), service: online };
    const half: Measure[] = [
      { at: iso(1), pods: null, service: online },
      { at: iso(10), pods: null, service: online },
    ];
    const rollout = after([both, ...half], live(10));
    expect(rollout.measures).toEqual([both]);
    expect(verdict(rollout, 10)).toMatchObject({ kind: 'undecided', stableMs: 0 });
  });

  it('is not stable by looks that are all partial', () => {
    const partial = every15Seconds(0, 12).map((at) => ({ ...calm(at), partial: true }));
    const rollout = after(partial, live(10));
    expect(rollout).toMatchObject({ measures: [], stableSince: null });
    expect(verdict(rollout, 12)).toMatchObject({ kind: 'undecided' });
  });

  it('is not stable while its requests, which failed before, are not told any more', () => {
    const failing: Measure = {
      ...calm(-1),
      service: { online: null, errorRate: 0.5 },
      by: { errorRate: 'prometheus' },
    };
    const before = { ...live(10), before: failing };
    const silent = after(every15Seconds(0, 12).map(calm), before);
    expect(silent).toMatchObject({ measures: [], stableSince: null });
    const quiet = { service: { online: null, errorRate: 0 }, by: failing.by };
    const told = every15Seconds(0, 12).map((at): Measure => ({ ...calm(at), ...quiet }));
    expect(verdict(after(told, before), 12)).toMatchObject({ kind: 'recovered' });
  });

  it('is in trouble by what is only half seen', () => {
    const offline = { at: iso(1), pods: null, service: { online: false, errorRate: null } };
    expect(after([calm(0), offline], live(10)).stableSince).toBeNull();
  });
});
