import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { voicesIn } from '../../../../src/playbooks/engine/voice';
import { readEvidence } from '../../../../src/playbooks/read/reading';
import { evidence } from '../evidence';

const seconds = (count: number, from = 10): string[] =>
  Array.from({ length: count }, (_, index) => String(from + index));
const verdict = (...lines: readonly string[]): string | null => {
  const { category, verdict: said } = analyse([evidence(lines.join('\n'))]);
  return category ?? said;
};

const refused =
  '2026-11-21T10:00:05Z ERROR cannot read prices: connect ECONNREFUSED 10.0.0.7:8080 (http://pricing:8080)';
const own = seconds(8).map((at) => `2026-11-21T10:00:${at}Z INFO GET /cart 200 12ms`);
const strangers = seconds(8).map(
  (at) => `127.0.0.1 - - [21/Nov/2026:10:00:${at} +0000] "GET /img 200 5 HTTP/1.1" 200 5`,
);

describe('the voices of a log', () => {
  const voices = (...lines: readonly string[]): number[] =>
    voicesIn(readEvidence([evidence(lines.join('\n'))], null).lines).all.map(
      ({ length }) => length,
    );

  it('are told by writer and form; what has no form stands apart where there are several', () => {
    expect(voices(refused, ...own, ...strangers, 'Killed')).toEqual([9, 8, 1]);
    expect(voices('cart | a', 'cart | b', 'pricing | c')).toEqual([2, 1]);
  });

  it('are one where one program stamps its lines', () => {
    expect(voices(refused, 'Traceback (most recent call last):', ...own)).toEqual([10]);
  });
});

describe('what other programs do', () => {
  it('is no recovery of the one that failed', () => {
    expect(verdict(refused, ...own)).toBe('no-incident');
    expect(verdict(refused, ...strangers)).toBe('connection-refused');
  });

  it('does not settle trouble without a cause', () => {
    const failed = '2026-11-21T10:00:05Z ERROR three rounds failed, giving up';
    const healthy = seconds(8).map(
      (at) => `gateway 2026/11/21 10:00:${at} /cart recovered: 200 OK`,
    );
    expect(verdict(failed, '2026-11-21T10:00:06Z INFO recovered')).toBe('no-incident');
    expect(verdict(failed, ...healthy)).toBe('insufficient-evidence');
  });

  it('makes a request that always fails no everyday error', () => {
    const access = (at: string, path: string, status: number): string =>
      `127.0.0.1 - - [21/Nov/2026:10:00:${at} +0000] "GET ${path} HTTP/1.1" ${status} 5 "-" "curl"`;
    const bad = seconds(3).map((at) => access(at, '/cart/guest', 500));
    const calm = seconds(45).flatMap((at) => [1, 2, 3].map((n) => access(at, `/img/${n}`, 200)));
    expect(verdict(...bad, ...calm)).toBe('insufficient-evidence');
    expect(verdict(...bad, ...calm, access('59', '/cart/guest', 200))).toBe('no-incident');
  });

  it('is no second try of a proxy, unless the same request was answered', () => {
    const failed = `2026/11/21 10:00:05 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.9, server: shop, request: "GET /cart HTTP/1.1", upstream: "http://10.0.0.7:8080/cart", host: "shop"`;
    const answers = (path: string): string[] =>
      seconds(12).map(
        (at) => `127.0.0.1 - - [21/Nov/2026:10:00:${at} +0000] "GET ${path} HTTP/1.1" 200 5`,
      );
    expect(verdict(failed, ...answers('/cart'))).toBe('no-incident');
    expect(verdict(failed, ...answers('/other'))).toBe('connection-refused');
  });
});
