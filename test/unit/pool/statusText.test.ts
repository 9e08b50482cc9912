import { describe, expect, it } from 'vitest';

import type { PoolStatus } from '../../../src/pool/status';
import { statusText } from '../../../src/pool/statusText';

const minute = 60_000;
const status: PoolStatus = {
  limit: 10,
  running: 2,
  idle: 1,
  waiting: 0,
  memoryBytes: 200 * 1024 * 1024,
  servers: [
    {
      server: 'kubectl',
      state: 'leased',
      pid: 11,
      memoryBytes: 100 * 1024 * 1024,
      uptimeMs: 5 * minute,
      idleMs: 0,
      stopsInMs: null,
      holders: ['incident-20260101000000'],
    },
    {
      server: 'stats',
      state: 'idle',
      pid: 12,
      memoryBytes: null,
      uptimeMs: 45 * minute,
      idleMs: 15 * minute,
      stopsInMs: 15 * minute,
      holders: [],
    },
  ],
  failed: [{ server: 'logs', at: '2026-01-01T00:00:00.000Z', message: 'It ended.\nlast words' }],
};

describe('the status of the pool as text', () => {
  it('says what runs, what it costs and when it stops', () => {
    expect(statusText(status)).toBe(
      [
        'War Room pool',
        '  Running: 2 of 10',
        '  Idle: 1',
        '  Memory: 200 MB',
        '',
        '  Servers:',
        '    kubectl',
        '      State: leased, memory: 100 MB',
        '      Up: 5 min, idle: 0 min',
        '      Held by: incident-20260101000000',
        '    stats',
        '      State: idle',
        '      Up: 45 min, idle: 15 min',
        '      → stops in 15 min',
        '',
        '  Failed:',
        '    2026-01-01T00:00:00.000Z logs: It ended.',
      ].join('\n'),
    );
  });

  it('speaks Korean', () => {
    expect(statusText(status, 'ko')).toContain('→ 15분 후 자동 종료 예정');
  });

  it('is short when nothing runs', () => {
    const empty = { ...status, running: 0, idle: 0, memoryBytes: null, servers: [], failed: [] };
    expect(statusText(empty)).toBe('War Room pool\n  Running: 0 of 10\n  Idle: 0');
  });
});
