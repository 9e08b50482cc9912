import { describe, expect, it } from 'vitest';
import { formOf, formOfFields } from '../../../../src/playbooks/read/form';

describe('the form of a line', () => {
  it.each([
    ['2026-11-21 10:00:00,123 INFO [a] ready', '2026-11-22 11:31:05,001 ERROR [b] 3 lost'],
    ['[2026-11-21T14:52:35.001] _job: done', '[2026-11-21T14:52:35.020] error: cannot load'],
    ['2026/11/21 10:00:00 [notice] 7#7: exit', '2026/11/21 10:00:01 [error] 17#17: *1 refused'],
    ['165:C 21 Nov 2026 14:56:50.237 # started', '16:M 01 Dec 2026 14:56:50.255 * Ready'],
    ['I1121 10:00:00.123456 1 a.go:1] ok', 'E1121 10:00:01.123456 1 b.go:20] "failed"'],
  ])('is that of the same program: %s', (line, other) => {
    expect(formOf(line)).not.toBe('');
    expect(formOf(line)).toBe(formOf(other));
  });

  it.each([
    ['2026-11-21T10:00:00Z a', '2026-11-21 10:00:00,123 a'],
    ['2026-11-21T10:00:00Z access: GET /', '2026-11-21T10:00:00Z  INFO 153 --- [main]'],
    ['api-gateway 2026/11/21 10:00:00 ok', '2026/11/21 10:00:00 ok'],
    ['127.0.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET', '2026/11/21 10:00:00 [error] 7#7: x'],
  ])('is that of another program: %s', (line, other) => {
    expect(formOf(line)).not.toBe(formOf(other));
  });

  it('of JSON is its standing fields', () => {
    const form = formOfFields(['time', 'level', 'msg', 'x']);
    expect(form).toBe(formOfFields(['level', 'time', 'err', 'msg']));
    expect(form).not.toBe(formOfFields(['ts', 'level', 'msg']));
  });

  it('is none where a line has no stamp near its start', () => {
    expect(formOf('Traceback (most recent call last):')).toBe('');
    expect(formOf(`${'x'.repeat(100)} 2026-11-21T10:00:00Z`)).toBe('');
  });
});
