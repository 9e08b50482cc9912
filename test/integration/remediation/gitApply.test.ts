import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { unifiedDiff } from '../../../src/remediation/unifiedDiff';
import { git, initialiseRepository, temporaryFolder } from '../../harness/temporary';

const lines = (count: number, eol = '\n') =>
  Array.from({ length: count }, (_, index) => `key${index}: ${index}${eol}`).join('');

const around = (value: string, eol = '\n') =>
  `${lines(6, eol)}memory: ${value}${eol}${lines(6, eol)}`;

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf8 = (text: string) => Buffer.from(text, 'utf8');

const far = '# f\u00fcr sp\u00e4ter\n';

describe('unifiedDiff and git apply', () => {
  it.each<[string, string, Buffer, Buffer]>([
    ['plain', 'values.yaml', utf8(around('512Mi')), utf8(around('1Gi'))],
    ['CRLF', 'values.yaml', utf8(around('512Mi', '\r\n')), utf8(around('1Gi', '\r\n'))],
    [
      'mixed line ends',
      'v.yaml',
      utf8('a: 1\r\nm: 512Mi\nb: 1\r\n'),
      utf8('a: 1\r\nm: 1Gi\nb: 1\r\n'),
    ],
    ['no line end at the end', 'v.yaml', utf8('a: 1\nm: 512Mi'), utf8('a: 1\nm: 1Gi')],
    ['one line', 'v.yaml', utf8('m: 512Mi'), utf8('m: 1Gi')],
    ['BOM', 'v.yaml', utf8('\uFEFFm: 512Mi\n'), utf8('\uFEFFm: 1Gi\n')],
    ['blanks in the path', 'helm values/my app/v a.yaml', utf8(around('1')), utf8(around('2'))],
    ['Korean path and text', '차트/값.yaml', utf8(around('값')), utf8(around('새 값'))],
    ['quotes in the path', 'a"b\\c/v.yaml', utf8(around('1')), utf8(around('2'))],
    ['Latin-1 two lines off', 'v.yaml', latin1(far + around('1')), latin1(far + around('2'))],
    [
      'Latin-1 inside the usual context',
      'v.yaml',
      latin1(`${lines(2)}${far}b: 1\nm: 512Mi\nc: 1\n${far}`),
      latin1(`${lines(2)}${far}b: 1\nm: 1Gi\nc: 1\n${far}`),
    ],
    [
      'Latin-1 on the line itself',
      'v.yaml',
      latin1('a: 1\nm: 512Mi # f\u00fcr\nb: 1\n'),
      latin1('a: 1\nm: 1Gi # f\u00fcr\nb: 1\n'),
    ],
    ['two hunks', 'v.yaml', utf8(around('1') + around('1')), utf8(around('2') + around('3'))],
  ])('%s: applies, byte for byte, forward and back', async (_, path, before, after) => {
    await using folder = await temporaryFolder('apply');
    const file = join(folder.path, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, before);
    await initialiseRepository(folder.path);
    // The diff travels as a string through JSON before it is written as UTF-8.
    const diff = JSON.parse(JSON.stringify(unifiedDiff(path, before, after))) as string;
    await writeFile(join(folder.path, 'change.diff'), diff, 'utf8');
    await git(folder.path, 'apply', 'change.diff');
    expect((await readFile(file)).equals(after)).toBe(true);
    await git(folder.path, 'apply', '--reverse', 'change.diff');
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  it('reads as text where it can, and is empty for no change', () => {
    expect(unifiedDiff('v.yaml', utf8(around('512Mi')), utf8(around('1Gi')))).toContain(
      '-memory: 512Mi\n+memory: 1Gi\n',
    );
    expect(unifiedDiff('v.yaml', utf8('a'), utf8('a'))).toBe('');
  });
});
