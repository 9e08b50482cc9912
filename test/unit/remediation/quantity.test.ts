import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  formatCpu,
  formatMemory,
  parseCpu,
  parseMemory,
  parseQuantity,
  sameQuantity,
} from '../../../src/remediation/quantity';

describe('parseQuantity', () => {
  it.each([
    ['1', 10n ** 9n],
    ['0.5', 5n * 10n ** 8n],
    ['.5', 5n * 10n ** 8n],
    ['5.', 5n * 10n ** 9n],
    ['100m', 10n ** 8n],
    ['1k', 10n ** 12n],
    ['1Ki', 1024n * 10n ** 9n],
    ['1.5Gi', 1536n * 2n ** 20n * 10n ** 9n],
    ['1e3', 10n ** 12n],
    ['1E3', 10n ** 12n],
    ['12e-1', 12n * 10n ** 8n],
    ['1E', 10n ** 27n],
    ['2Ei', 2n ** 61n * 10n ** 9n],
    ['100n', 100n],
    ['3u', 3000n],
    ['+1', 10n ** 9n],
    ['-1', -(10n ** 9n)],
    ['0.1n', 1n],
  ])('reads %s', (text, nano) => expect(parseQuantity(text)?.nano).toBe(nano));

  it.each([
    '',
    '1K',
    '1MB',
    '512mb',
    '512MI',
    '1 Gi',
    '1ki',
    'Gi',
    '1e',
    '0x10',
    '1,5',
    '1Gii',
    '--1',
  ])('refuses %j', (text) => expect(parseQuantity(text)).toBeUndefined());

  it('compares amounts', () => {
    expect(sameQuantity('1Gi', '1024Mi')).toBe(true);
    expect(sameQuantity('1', '1000m')).toBe(true);
    expect(sameQuantity('1G', '1Gi')).toBe(false);
    expect(sameQuantity('x', 'x')).toBe(false);
  });
});

describe('memory', () => {
  it.each([
    [1024, 'Mi', '1024Mi'],
    [1024, 'Gi', '1Gi'],
    [640, 'Gi', '640Mi'],
    [1536, 'Gi', '1536Mi'],
    [64, 'Ki', '65536Ki'],
    [64, '', '67108864'],
    [640, 'M', '672M'],
    [640, 'G', '672M'],
    [640, 'k', '672000k'],
    [640, 'e6', '671088640'],
  ])('%d MiB with the suffix %s is %s', (mebibytes, suffix, text) => {
    expect(formatMemory(BigInt(mebibytes) << 20n, suffix)).toBe(text);
  });

  it('never writes less than it was given, and at most a million bytes more', () => {
    const suffix = fc.constantFrom('', 'Ki', 'Mi', 'Gi', 'Ti', 'k', 'M', 'G', 'T', 'e3');
    const bytes = fc.bigInt({ min: 1n << 20n, max: 1n << 45n });
    fc.assert(
      fc.property(bytes, suffix, (amount, unit) => {
        const read = parseMemory(formatMemory(amount, unit)).bytes;
        return read >= amount && read - amount < 1_000_000n;
      }),
    );
  });

  it('says that 400m is less than a byte', () => {
    expect(() => parseMemory('400m')).toThrow(/0\.4 bytes.*thousandth/);
    expect(() => parseMemory('512')).toThrow(/512 bytes/);
    expect(() => parseMemory('512MB')).toThrow(/not a Kubernetes quantity/);
  });
});

describe('cpu', () => {
  it.each([
    ['500m', 500n, 1000n, '1000m'],
    ['1', 1000n, 1500n, '1.5'],
    ['0.5', 500n, 1000n, '1'],
    ['0.1', 100n, 150n, '0.15'],
  ])('%s', (text, millis, raised, written) => {
    const cpu = parseCpu(text);
    expect(cpu?.millis).toBe(millis);
    expect(formatCpu(raised, cpu?.suffix ?? '')).toBe(written);
  });

  it.each(['0', '-1', 'x'])('refuses %s', (text) => expect(parseCpu(text)).toBeUndefined());
});
