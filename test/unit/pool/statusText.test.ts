import { describe, expect, it } from 'vitest';

import type { PoolStatus, ServerStatus } from '../../../src/pool/status';
import { statusText } from '../../../src/pool/statusText';

const minute = 60_000;
const mib = 1024 * 1024;

const server: ServerStatus = {
  id: 'kubectl-1',
  server: 'kubectl',
  name: 'kubectl-mcp-11',
  runtime: 'process',
  state: 'leased',
  pinned: false,
  memoryBytes: 100 * mib,
  memoryLimitBytes: null,
  uptimeMs: 5 * minute,
  idleMs: 0,
  stopsInMs: null,
  holders: ['incident-20260101000000'],
  notApplied: [],
};
const idle: ServerStatus = {
  ...server,
  server: 'postgres',
  name: 'postgres-mcp-1767225600-ab12',
  runtime: 'docker',
  state: 'idle',
  memoryBytes: 100 * mib,
  memoryLimitBytes: 200 * mib,
  uptimeMs: 45 * minute,
  idleMs: 15 * minute,
  stopsInMs: 15 * minute,
  holders: [],
};
const pinned: ServerStatus = { ...idle, pinned: true, stopsInMs: null, notApplied: ['pids'] };

const status: PoolStatus = {
  limit: 10,
  pid: 7,
  running: 2,
  idle: 1,
  waiting: 0,
  memoryBytes: 200 * mib,
  pressure: {
    ours: { usedBytes: 200 * mib, totalBytes: 1024 * mib, percent: 19.53 },
    machine: { usedBytes: 6000 * mib, totalBytes: 8000 * mib, percent: 75 },
    thresholdPercent: 80,
    isOver: false,
    ageMs: 1_000,
  },
  engine: { state: 'ready', message: '' },
  servers: [server, idle],
  failed: [{ server: 'logs', at: '2026-01-01T00:00:00.000Z', message: 'It ended.\nlast words' }],
  history: [],
  imagesBytes: 300 * mib,
};

describe('the status of the pool as text', () => {
  it('says what runs, what it costs and when it stops', () => {
    expect(statusText(status)).toBe(
      [
        'War Room pool',
        '  Running: 2 of 10',
        '  Idle: 1',
        '  Memory: 200 MB, 20% of 1024 MB',
        '  Machine: 75% of 8000 MB',
        '  Containers: ready',
        '  Images: 300 MB',
        '',
        '  Servers:',
        '    kubectl (kubectl-mcp-11, process)',
        '      State: leased, memory: 100 MB',
        '      Up: 5 min, idle: 0 min',
        '      Held by: incident-20260101000000',
        '    postgres (postgres-mcp-1767225600-ab12, docker)',
        '      State: idle, memory: 100 MB of 200 MB',
        '      Up: 45 min, idle: 15 min',
        '      → stops in 15 min',
        '',
        '  Failed:',
        '    2026-01-01T00:00:00.000Z logs: It ended.',
      ].join('\n'),
    );
  });

  it('says what presses, what is pinned and what the engine does not do', () => {
    const text = statusText({
      ...status,
      pressure: { ...status.pressure, machine: null, isOver: true },
      engine: { state: 'unavailable', message: 'Start Docker.' },
      servers: [pinned],
    });
    expect(text).toContain('  Machine: its memory is not told, so only our own counts');
    expect(text).toContain('  Memory pressure: above 80%');
    expect(text).toContain('  Containers: unavailable: Start Docker.');
    expect(text).toContain('(postgres-mcp-1767225600-ab12, docker) [pinned]');
    expect(text).toContain('Not applied by the engine: pids');
    expect(text).not.toContain('stops in');
  });

  it('speaks Korean', () => {
    const text = statusText({ ...status, pressure: { ...status.pressure, isOver: true } }, 'ko');
    expect(text).toContain('  실행 중: 2개 (최대 10개)');
    expect(text).toContain('  총 메모리: 200 MB (1024 MB의 20%)');
    expect(text).toContain('  메모리 압박: 80% 초과');
    expect(text).toContain('→ 15분 후 자동 종료 예정');
  });

  it('is short when nothing runs', () => {
    const empty: PoolStatus = {
      ...status,
      running: 0,
      idle: 0,
      memoryBytes: null,
      engine: { state: 'unknown', message: '' },
      servers: [],
      failed: [],
      imagesBytes: null,
    };
    expect(statusText(empty)).toBe('War Room pool\n  Running: 0 of 10\n  Idle: 0');
  });
});
