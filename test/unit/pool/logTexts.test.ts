import { describe, expect, it } from 'vitest';

import type { Language } from '../../../src/pool/logTexts';
import { FakeRuntime } from './fakeRuntime';
import { ask, patient, server, testPool } from './pools';

const minute = 60_000;
const mib = 1024 * 1024;

/** A pool of containers whose log is kept, each line with its level. */
function toldPool(language: Language, memoryBudgetMiB = 1_000) {
  const lines: string[] = [];
  const docker = new FakeRuntime('docker');
  const log = {
    debug: () => undefined,
    info: (line: string) => lines.push(`INFO ${line}`),
    warn: (line: string) => lines.push(`WARNING ${line}`),
    error: (line: string) => lines.push(`ERROR ${line}`),
  };
  const parts = testPool(
    { memoryBudgetMiB },
    { log, language: () => language, runtimes: { docker: () => Promise.resolve(docker) } },
  );
  const use = async (name: string, usedMib: number) => {
    const request = server(name, { program: { kind: 'oci', image: `${name}@sha256:1` } });
    const lease = await parts.pool.lease(ask('incident-1', [request]), patient);
    const program = docker.started.at(-1);
    if (program) program.bytes = usedMib * mib;
    lease.release();
  };
  return { ...parts, lines, use };
}

describe('what the log says', () => {
  it('tells of start, reuse, idling and the idle stop with what it won back', async () => {
    const { clock, lines, use, pool } = toldPool('en');
    await use('docker', 100);
    await clock.advance(5 * minute);
    await use('docker', 100);
    await clock.advance(30 * minute);
    const expected = [
      'Container started: docker-mcp-1',
      'Work done, now idle: docker-mcp-1',
      'Reused for incident-1: docker-mcp-1',
      'Work done, now idle: docker-mcp-1',
      'Idle timeout (30 min), stopping: docker-mcp-1',
      'Stopped: docker-mcp-1',
      'Memory won back: 100 MB',
    ];
    expect(lines).toEqual(expected.map((line) => `INFO ${line}`));
    expect(pool.status().history.map(({ kind, why }) => `${kind}: ${why}`)).toEqual([
      'started: Container started: docker-mcp-1',
      'idle: Work done, now idle: docker-mcp-1',
      'reused: Reused for incident-1: docker-mcp-1',
      'idle: Work done, now idle: docker-mcp-1',
      'stopped: Idle timeout (30 min), stopping: docker-mcp-1',
    ]);
  });

  it('speaks Korean', async () => {
    const { clock, lines, use } = toldPool('ko');
    await use('docker', 100);
    await clock.advance(30 * minute);
    expect(lines).toEqual([
      'INFO 컨테이너 시작: docker-mcp-1',
      'INFO 작업 완료, Idle 상태 진입: docker-mcp-1',
      'INFO Idle 타임아웃 (30분), 자동 종료: docker-mcp-1',
      'INFO 종료 완료: docker-mcp-1',
      'INFO 메모리 100MB 회수',
    ]);
  });

  it('tells of pressure, what is stopped for it, and how much is used then', async () => {
    for (const language of ['en', 'ko'] as const) {
      const { clock, lines, use } = toldPool(language, 100);
      await use('postgres', 20);
      await clock.advance(10 * minute);
      await use('redis', 65);
      lines.length = 0;
      await clock.advance(minute);
      expect(lines).toEqual(pressureLines[language]);
    }
  });

  it('tells that pressure is over also when that took the last one', async () => {
    const { clock, lines, use } = toldPool('en', 100);
    await use('postgres', 100);
    await clock.advance(minute);
    expect(lines.at(-1)).toBe('INFO Memory in use: 0%');
  });

  it('tells of room that is needed, of a request, and of a death', async () => {
    const { lines, use, pool, settings } = toldPool('en');
    settings.limit = 1;
    await use('postgres', 1);
    await use('redis', 1);
    pool.stop(pool.status().servers[0]?.id ?? '');
    expect(lines).toContain(
      'INFO Room is needed, stopping the oldest idle one: postgres-mcp-1 (idle 0 min)',
    );
    expect(lines).toContain('INFO Stopping on request: redis-mcp-2');
  });
});

const pressureLines: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'WARNING Memory pressure found: 85%',
    'INFO Chosen to be stopped: postgres-mcp-1 (idle 10 min)',
    'INFO Stopped to win memory back: postgres-mcp-1',
    'INFO Memory won back: 20 MB',
    'INFO Memory in use: 65%',
  ],
  ko: [
    'WARNING 메모리 압박 감지: 85%',
    'INFO 종료 대상: postgres-mcp-1 (Idle 10분)',
    'INFO 메모리 확보 종료: postgres-mcp-1',
    'INFO 메모리 20MB 회수',
    'INFO 메모리 사용: 65%',
  ],
};
