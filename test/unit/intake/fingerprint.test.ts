import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, normaliseLine } from '../../../src/intake/fingerprint';

const textOf = (lines: readonly string[]) => ({
  source: '-',
  lines: lines.map((text, index) => ({ number: index + 1, text })),
  complete: true,
  totalLines: lines.length,
});
const fingerprint = (...lines: readonly string[]) => fingerprintOf(textOf(lines));

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const hex = (length: number) =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
    .map((text) => `4a${text.slice(2)}`);
const safe = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...'bcdfghjklmnpqrstvwxz2456789'),
    minLength: length,
    maxLength: length,
  });
const podHash = safe(9).map((text) => `7${text}`);
const podSuffix = safe(4).map((text) => `${text}2`);
const byte = fc.integer({ min: 0, max: 255 });
const address = fc.tuple(byte, byte, byte, byte).map((parts) => parts.join('.'));
const ephemeral = fc.integer({ min: 32768, max: 60999 });
const moment = fc.date({
  min: new Date('2001-01-01T00:00:00Z'),
  max: new Date('2035-01-01T00:00:00Z'),
  noInvalidDate: true,
});

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const two = (n: number) => String(n).padStart(2, '0');
const clock = (date: Date) => date.toISOString().slice(11, 19);
const day = (date: Date) => date.toISOString().slice(0, 10);
const month = (date: Date) => MONTHS[date.getUTCMonth()] ?? '';

/** The same moment as different programs write it. */
const TIMES: Readonly<Record<string, (date: Date) => string>> = {
  iso: (date) => date.toISOString(),
  'iso with offset': (date) => `${day(date)}T${clock(date)}.123456789+09:00`,
  python: (date) => `${day(date)} ${clock(date)},123`,
  spring: (date) => `${day(date)} ${clock(date)}.123`,
  go: (date) => `${day(date).replaceAll('-', '/')} ${clock(date)}`,
  klog: (date) =>
    `E${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())} ${clock(date)}.123456    4711`,
  syslog: (date) => `${month(date)} ${String(date.getUTCDate()).padStart(2)} ${clock(date)}`,
  'access log': (date) =>
    `[${two(date.getUTCDate())}/${month(date)}/${date.getUTCFullYear()}:${clock(date)} +0000]`,
  'rfc 1123': (date) => date.toUTCString(),
  redis: (date) =>
    `${two(date.getUTCDate())} ${month(date)} ${date.getUTCFullYear()} ${clock(date)}.123`,
  kernel: (date) => `[${date.getTime() % 1e6}.123456]`,
  'time only': (date) => clock(date),
  epoch: (date) => String(date.getTime()),
};

describe('fingerprintOf', () => {
  it('is 64 hex digits', () => {
    expect(fingerprint('Error: x')).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(Object.entries(TIMES))('is the same over times: %s', (_, write) => {
    const line = (date: Date) => `${write(date)} ERROR checkout: connection refused`;
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        expect(fingerprint(line(a))).toBe(fingerprint(line(b)));
      }),
    );
  });

  const variations: Readonly<Record<string, fc.Arbitrary<string>>> = {
    'deployment pod': fc.tuple(podHash, podSuffix).map(([a, b]) => `pod checkout-${a}-${b} failed`),
    'deployment pod in quotes': fc
      .tuple(podHash, podSuffix)
      .map(([a, b]) => `pod="shop/checkout-${a}-${b}" failed`),
    'daemon set pod': podSuffix.map((suffix) => `pod fluent-bit-${suffix} failed`),
    'stateful set pod': fc.nat(40).map((n) => `pod redis-${n} failed`),
    'cron job pod': fc.tuple(digits(7), podSuffix).map(([n, s]) => `pod backup-2${n}-${s} failed`),
    uuid: fc.uuid().map((id) => `request ${id} failed`),
    'container id': hex(64).map((id) => `container ${id} failed`),
    'short hash': hex(12).map((id) => `layer ${id} failed`),
    digest: hex(64).map((id) => `pulling app@sha256:${id} failed`),
    pointer: hex(12).map((id) => `access to 0x${id} failed`),
    address: address.map((ip) => `dial tcp ${ip}:5432: connection refused`),
    'ephemeral port': fc
      .tuple(address, ephemeral)
      .map(([ip, port]) => `read tcp ${ip}:${port}->${ip}:5432 failed`),
    'ipv6 address': fc
      .ipV6()
      .filter((ip) => !ip.includes('.'))
      .map((ip) => `dial tcp [${ip}]:5432 failed`),
    duration: fc.nat(1e6).map((n) => `failed after ${n}ms`),
    'go duration': fc
      .tuple(fc.integer({ min: 1, max: 59 }), fc.nat(59))
      .map(([m, s]) => `failed after ${m}m${s}.25s`),
    'duration of any unit': fc
      .tuple(fc.nat(900), fc.constantFrom('ms', 's', 'm', 'h'))
      .map(([n, u]) => `failed after ${n}${u}`),
    count: fc.nat(1e6).map((n) => `Back-off failed (x${n} over 3m)`),
    'process id': fc.nat(4e6).map((n) => `worker[${n}] failed`),
    'thread name': fc.nat(200).map((n) => `[nio-8080-exec-${n}] request failed`),
    'trace id': hex(32).map((id) => `{"level":"error","trace_id":"${id}"}`),
  };
  it.each(Object.entries(variations))('is the same over the %s', (_, line) => {
    fc.assert(
      fc.property(line, line, (a, b) => {
        expect(fingerprint(a)).toBe(fingerprint(b));
      }),
    );
  });

  it('is the same over order and repetition', () => {
    const lines = fc.array(fc.constantFrom('Error: a', 'fatal: b', 'c failed', 'panic: d'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(lines, (some) => {
        expect(fingerprint(...some)).toBe(fingerprint(...[...new Set(some)].reverse()));
      }),
    );
  });

  it('does not see healthy lines beside failing ones', () => {
    expect(fingerprint('started', 'Error: a', 'listening')).toBe(fingerprint('Error: a'));
  });

  it('takes all lines when none fails', () => {
    expect(fingerprint('started', 'listening')).not.toBe(fingerprint('started'));
  });

  const different = [
    'Error: connect ECONNREFUSED 10.0.0.7:5432',
    'Error: connect ECONNREFUSED 10.0.0.7:6379',
    'Error: connect ETIMEDOUT 10.0.0.7:5432',
    'Last State: Terminated, Exit Code: 137, failed',
    'Last State: Terminated, Exit Code: 1, failed',
    'process exited with code 139, failed',
    'process exited with code 126, failed',
    'GET / HTTP/1.1" 503 failed',
    'GET / HTTP/1.1" 401 failed',
    'dial tcp: lookup redis.shop.svc: no such host, failed',
    'dial tcp: lookup postgres.shop.svc: no such host, failed',
    'KeyError: DATABASE_URL',
    'KeyError: REDIS_URL',
    'pod checkout-7d9c5b8f6d-x2x9z failed',
    'pod payments-7d9c5b8f6d-x2x9z failed',
  ];
  it('differs for different failures', () => {
    const prints = different.map((line) => fingerprint(line));
    expect(new Set(prints).size).toBe(different.length);
  });
});

describe('normaliseLine', () => {
  it.each([
    [
      '2026-11-21T10:00:00Z dial tcp 10.0.0.7:5432: connection refused',
      '<time> dial tcp <address>:5432: connection refused',
    ],
    ['pod checkout-7d9c5b8f6d-x2x9z exit code 137', 'pod checkout-<pod> exit code 137'],
    ['at Server.listen (/app/server.js:42:13)', 'at Server.listen (/app/server.js:#:#)'],
    [
      'Caused by: java.lang.OutOfMemoryError: Java heap space',
      'Caused by: java.lang.OutOfMemoryError: Java heap space',
    ],
  ])('%s', (line, expected) => {
    expect(normaliseLine(line)).toBe(expected);
  });
});
