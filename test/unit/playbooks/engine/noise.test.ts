import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { evidence } from '../evidence';

const denied = (time: string): string =>
  `2026-11-21T${time}Z ERROR cart: cannot write metrics: EACCES: permission denied, open '/var/metrics/cart.prom'`;
const work = (time: string): string => `2026-11-21T${time}Z INFO GET /cart 200 12ms`;
const full = (time: string): string =>
  `2026-11-21T${time}Z ERROR cart: cannot write order: ENOSPC: no space left on device, write '/data/orders'`;
const everyday = ['08:00:01', '08:10:01', '08:20:01', '08:30:01'].flatMap((time) => [
  denied(time),
  work(time),
  work(time),
]);

describe('noise', () => {
  it('is what comes again and again while the program works, beside what begins later', () => {
    const answer = (lines: readonly string[]): string | null =>
      analyse([evidence([...lines, full('08:40:00'), full('08:40:01')].join('\n'))]).category;
    expect(answer(everyday)).toBe('disk-full');
    // The same complaints without any work in between may be the cause of all.
    expect(answer(everyday.filter((line) => !line.includes('GET')))).toBe('permission-denied');
  });

  it('is what was over long before', () => {
    const answer = (time: string): string | null =>
      analyse([evidence([denied(time), full('19:40:00')].join('\n'))]).category;
    expect(answer('19:39:00')).toBe('permission-denied');
    expect(answer('01:00:00')).toBe('disk-full');
  });

  it('is no cause that lies long before its effect', () => {
    const log = `
2026-11-21T01:00:00Z orders ERROR cannot write: ENOSPC: no space left on device, write '/data/orders'
2026-11-21T19:00:00Z orders ERROR Unhandled exception
java.lang.IllegalStateException: journal is not open
    at com.acme.Journal.append(Journal.java:12)`;
    expect(analyse([evidence(log)]).category).toBe('disk-full');
  });
});
