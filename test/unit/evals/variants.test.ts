import { describe, expect, it } from 'vitest';
import { duplicates, templatesOf } from '../../../src/evals/duplicates';
import type { EvidenceText } from '../../../src/incident/evidence';
import { cut } from '../../evals/lib/cut';
import { routineOf, withNoise } from '../../evals/lib/noise';
import { movedTo, timeIn } from '../../evals/lib/times';

const text = (lines: readonly string[]): EvidenceText => ({
  source: 'app.log',
  lines: lines.map((line, index) => ({ number: index + 1, text: line })),
  complete: true,
  totalLines: lines.length,
});
const log = text([
  '2026-11-21T10:00:00Z INFO started',
  '2026-11-21T10:00:10Z ERROR it broke',
  '    at serve (app.js:1:1)',
  '2026-11-21T10:00:20Z INFO stopped',
]);
const routine = ['21/Nov/2026:09:00:00 GET / 200', '21/Nov/2026:09:00:01 GET /health 200'];

describe('noise', () => {
  const noisy = withNoise([log], [routine], 'a case', 200)[0]?.lines ?? [];

  it('keeps every line in its order, and an entry whole', () => {
    const own = noisy.map((line) => line.text).filter((line) => !line.includes('GET'));
    expect(own).toEqual(log.lines.map((line) => line.text));
    const at = noisy.findIndex((line) => line.text.includes('it broke'));
    expect(noisy[at + 1]?.text).toContain('at serve');
    expect(noisy).toHaveLength(204);
    expect(noisy.map((line) => line.number)).toEqual(noisy.map((_, index) => index + 1));
  });

  it('has times that fit, each in its own notation', () => {
    const times = noisy.flatMap((line) => timeIn(line.text) ?? []);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(noisy.some((line) => line.text.startsWith('21/Nov/2026:10:00:1'))).toBe(true);
  });

  it('is the same for the same seed, and stands beside evidence without a log', () => {
    expect(withNoise([log], [routine], 'a case', 200)[0]?.lines).toEqual(noisy);
    expect(withNoise([log], [routine], 'another', 200)[0]?.lines).not.toEqual(noisy);
    const pods = text(['NAME   READY   STATUS    RESTARTS   AGE', 'api-1  1/1  Running  0  5d']);
    expect(withNoise([pods], [routine], 'a case', 200)[0]).toBe(pods);
    expect(withNoise([pods], [routine], 'a case', 200)[1]?.lines).toHaveLength(200);
  });

  it('is what a healthy log says again and again', () => {
    const again = [1, 2, 3].map((second) => `2026-11-21T10:00:0${second}Z INFO served ${second}`);
    expect(routineOf(text(['2026-11-21T10:00:00Z INFO started', ...again]))).toEqual(again);
  });

  it('is no start or end, however often, and nothing without a time', () => {
    const thrice = (line: string): string[] =>
      [1, 2, 3].map((second) => `2026-11-21T10:00:0${second}Z ${line}`);
    for (const line of [
      'INFO Server listening on :80',
      'INFO worker exited',
      'Redis is starting',
    ]) {
      expect(routineOf(text(thrice(line)))).toEqual([]);
    }
    expect(routineOf(text(['served', 'served', 'served']))).toEqual([]);
  });
});

describe('a time in a line', () => {
  it.each([
    ['2026-11-21 10:00:00,123 INFO', '2026-11-22 11:30:05,250 INFO'],
    ['2026/11/21 10:00:00 [notice]', '2026/11/22 11:30:05 [notice]'],
    ['- [21/Nov/2026:10:00:00 +0000] "GET', '- [22/Nov/2026:11:30:05 +0000] "GET'],
    ['1:M 21 Nov 2026 10:00:00.123 * Ready', '1:M 22 Nov 2026 11:30:05.250 * Ready'],
    ['Nov 21 10:00:00 web-1 api[7]: ok', 'Nov 22 11:30:05 web-1 api[7]: ok'],
    ['{"level":30,"time":1795255200123}', '{"level":30,"time":1795347005250}'],
  ])('%s', (line, moved) => {
    expect(movedTo(line, Date.UTC(2026, 10, 22, 11, 30, 5, 250))).toBe(moved);
    expect(timeIn(line)).toBeGreaterThanOrEqual(Date.UTC(2026, 10, 21, 10));
    expect(timeIn(line)).toBeLessThan(Date.UTC(2026, 10, 21, 10) + 1000);
  });
});

describe('a cut', () => {
  const long = text(Array.from({ length: 100 }, (_, index) => `line ${index} of it`));
  const lines = (end: 'head' | 'tail', proof: readonly string[], script = 'x.sh') =>
    cut({ proof, script }, [long], end)?.[0]?.lines.map((line) => line.text);

  it('takes three tenths of a log off', () => {
    expect(lines('head', ['line 60 '])?.[0]).toBe('line 30 of it');
    expect(lines('tail', ['line 60 '])?.at(-1)).toBe('line 69 of it');
  });

  it('leaves a line of the proof', () => {
    expect(lines('head', ['line 10 '])?.[0]).toBe('line 10 of it');
    expect(lines('tail', ['line 90 '])?.at(-1)).toBe('line 90 of it');
  });

  it('is not judged where it takes away what showed that all is well again', () => {
    expect(lines('tail', [], 'programs/recovered.sh')).toBeUndefined();
    expect(lines('head', [], 'programs/recovered.sh')).toHaveLength(70);
  });
});

describe('near-duplicates', () => {
  const told = (id: string, category: string, last: string) => {
    const lines = Array.from({ length: 9 }, (_, index) => `${'step'.repeat(index + 1)} done`);
    return { id, category, templates: templatesOf([text([...lines, last])]) };
  };

  it('count once: what differs only in numbers, within one label', () => {
    const cases = [
      told('one', 'oom-killed', 'killed process 17'),
      told('two', 'oom-killed', 'killed process 4711'),
      told('three', 'disk-full', 'killed process 17'),
    ];
    expect([...duplicates(cases)]).toEqual([['two', 'one']]);
  });
});
