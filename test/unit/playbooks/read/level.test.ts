import { describe, expect, it } from 'vitest';
import { levelOf } from '../../../../src/playbooks/read/level';

describe('the level of a line', () => {
  it.each([
    ['[2026-11-21T10:00:01,101][WARN ][o.e.m.j.GcService] [q1] [gc][young] took [1.1s]', 'warn'],
    ['[2026/11/21 10:00:01] [ info] [engine] started (pid=1)', 'info'],
    ['2026-11-21T10:00:01.101010Z\twarn\tenvoy config\tgRPC config stream closed: 14', 'warn'],
    ['[2026-11-21 10:00:01,101: INFO/ForkPoolWorker-1] Task mails.send[7] succeeded', 'info'],
    ['[2026-11-21 10:00:01,101: ERROR/MainProcess] consumer: Cannot connect', 'error'],
    ['2026-11-21 10:00:01.101 UTC [1] LOG:  database system is ready', null],
    ['copied [ 12 ] files of [ all ]', null],
  ])('%s', (text, level) => {
    expect(levelOf(text)).toBe(level);
  });
});
