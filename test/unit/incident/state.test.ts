import { describe, expect, it } from 'vitest';

import {
  isOpen,
  mayFollow,
  runningStates,
  stateWords,
  waitingStates,
  type IncidentState,
} from '../../../src/incident/state';

const all = Object.keys(stateWords) as IncidentState[];

describe('States', () => {
  it('that run can be cancelled or fail; what is being committed can only fail', () => {
    for (const state of runningStates) {
      expect(mayFollow(state, 'failed'), state).toBe(true);
      expect(mayFollow(state, 'cancelled'), state).toBe(state !== 'executing');
    }
  });

  it('are all reached from "queued"', () => {
    const reached = new Set<IncidentState>(['queued']);
    for (const from of reached) {
      for (const to of all) if (mayFollow(from, to)) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...all].sort());
  });

  it('lead to a commit only over a question to a person', () => {
    const before = all.filter((state) => state !== 'executing' && mayFollow(state, 'executing'));
    expect(before.sort()).toEqual(['accepted', 'awaiting-approval']);
    expect(before.every((state) => waitingStates.includes(state))).toBe(true);
  });

  it('that are closed by a person stay so', () => {
    for (const to of all) expect(mayFollow('rejected', to)).toBe(to === 'rejected');
    expect(isOpen('rejected')).toBe(false);
    expect(isOpen('accepted')).toBe(true);
  });
});
