import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { demultiplex } from '../../../src/mcp/logs/demultiplex';
import { engineAddress } from '../../../src/mcp/logs/docker';
import { matchLines } from '../../../src/mcp/logs/search';
import { parseSince } from '../../../src/mcp/logs/since';

describe('since', () => {
  const now = Date.UTC(2026, 0, 2, 12);

  it.each([
    ['90s', '2026-01-02T11:58:30.000Z'],
    ['10m', '2026-01-02T11:50:00.000Z'],
    ['1h30m', '2026-01-02T10:30:00.000Z'],
    ['2d', '2025-12-31T12:00:00.000Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00+09:00', '2025-12-31T15:00:00.000Z'],
  ])('reads %s', (text, time) => {
    expect(parseSince(text, now).toISOString()).toBe(time);
  });

  it.each(['', 'yesterday', '10', '10 m', '-5m', '2026-13-01T00:00:00Z'])('refuses %j', (text) => {
    expect(() => parseSince(text, now)).toThrow(/^since is /);
  });
});

describe('searching', () => {
  it('gives the positions of the lines that match', () => {
    expect(matchLines(['ok', 'ERROR one', 'error two'], '(?:ERROR|two)$|^ERROR')).toEqual([1, 2]);
  });

  it('takes patterns with needless escapes', () => {
    expect(matchLines(['a-b'], 'a\\-b')).toEqual([0]);
  });

  it('stops a pattern that would run for ever', () => {
    expect(() => matchLines([`${'a'.repeat(60)}!`], '^(a+)+$')).toThrow(/^The pattern took longer/);
  });

  it('refuses what is no pattern', () => {
    expect(() => matchLines([], '(')).toThrow(/^The pattern is no regular expression: /);
  });
});

describe("the engine's stream", () => {
  it('gives back what was framed, however it was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string())), (parts) => {
        const frames = parts.map(([stream, text]) => {
          const payload = Buffer.from(text);
          const header = Buffer.alloc(8);
          header.writeUInt8(stream, 0);
          header.writeUInt32BE(payload.length, 4);
          return Buffer.concat([header, payload]);
        });
        const whole = Buffer.concat(parts.map(([, text]) => Buffer.from(text))).toString('utf8');
        expect(demultiplex(Buffer.concat(frames))).toBe(whole);
      }),
    );
  });
});

describe("the engine's address", () => {
  it('is DOCKER_HOST where it is set', () => {
    expect(engineAddress({ DOCKER_HOST: 'tcp://1.2.3.4:2375' })).toEqual({
      host: 'tcp://1.2.3.4:2375',
      options: undefined,
    });
  });

  it('may not be reached over ssh', () => {
    expect(() => engineAddress({ DOCKER_HOST: 'ssh://host' })).toThrow(/not supported/);
  });
});
