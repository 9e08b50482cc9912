import { describe, expect, it } from 'vitest';

import { incidentId, isIncidentId } from '../../../src/incident/id';

const time = Date.UTC(2026, 10, 21, 12, 5, 9);

describe('An incident id', () => {
  it('is the second in UTC, numbered where one second sees several', () => {
    const taken = new Set<string>();
    const ids = [1, 2, 3].map(() => {
      const id = incidentId(time, (wanted) => taken.has(wanted));
      taken.add(id);
      return id;
    });
    const first = 'incident-20261121120509';
    expect(ids).toEqual([first, `${first}-2`, `${first}-3`]);
    expect(ids.every(isIncidentId)).toBe(true);
  });

  it('is never a path', () => {
    for (const text of [
      '',
      '..',
      'incident-1',
      'incident-20261121120509/..',
      'incident-20261121120509-1',
    ]) {
      expect(isIncidentId(text), text).toBe(false);
    }
  });
});
