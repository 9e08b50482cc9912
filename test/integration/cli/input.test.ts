import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { need } from '../mcp/prerequisite';
import { Bench, dist, endOf, killed, parsed, valuesFile } from './command';

const fast = ['--no-pool'];
/** Takes root's leave to read every file. */
const asAnybody = ['--bounding-set=-dac_override,-dac_read_search'];
const sentence = /^\S.{20,600}$/s;

describe('A log that cannot be read', () => {
  const logs: Record<string, { content: string | Buffer; code: string }> = {
    'empty.log': { content: '', code: 'empty-log' },
    'blank.log': { content: ' \n\t\n\r\n', code: 'empty-log' },
    'binary.log': { content: Buffer.from([...Array(4096).keys()]), code: 'binary-log' },
  };

  it('is refused with a sentence, and nothing is changed or stored', async () => {
    await using bench = await Bench.make();
    for (const [name, { content }] of Object.entries(logs)) await bench.write(name, content);
    await mkdir(join(bench.root, 'folder.log'));
    const before = await bench.untouched();
    const cases = [
      ...Object.entries(logs).map(([name, { code }]) => [name, code] as const),
      ['folder.log', 'unreadable-log'] as const,
      ['missing.log', 'unreadable-log'] as const,
    ];
    for (const [name, code] of cases) {
      const { status, result } = await bench.json(['diagnose', name, '--yes', ...fast]);
      expect(status, name).toBe(1);
      expect(result.error?.code, name).toBe(code);
      expect(result.error?.message).toMatch(sentence);
      expect(result.error?.message, name).toContain(name);
    }
    const folder = await bench.json(['diagnose', '--evidence', 'missing', ...fast]);
    expect(folder.result.error?.code).toBe('unreadable-log');
    const nothing = await bench.json(['diagnose', ...fast], { input: '' });
    expect(nothing.result.error?.code).toBe('empty-log');
    expect(await bench.untouched()).toBe(before);
    expect(await bench.incidents()).toEqual([]);
  });

  it('without permission is refused with a sentence', async (context) => {
    const isRoot = process.getuid?.() === 0;
    const without = spawnSync('setpriv', [...asAnybody, 'true']).status === 0;
    need(context, isRoot && !without ? 'root may read every file, and setpriv is missing' : null);
    await using bench = await Bench.make();
    await bench.write('secret.log', 'ERROR');
    await chmod(join(bench.root, 'secret.log'), 0);
    const command = [process.execPath, join(dist, 'cli.js'), 'diagnose', 'secret.log', '--json'];
    const [program = '', ...args] = isRoot ? ['setpriv', ...asAnybody, ...command] : command;
    const ended = await endOf(spawn(program, args, { cwd: bench.root, env: bench.env }));
    expect(ended.status).toBe(1);
    expect(parsed(ended).error?.code).toBe('unreadable-log');
    expect(parsed(ended).error?.message).toMatch(sentence);
  });
});

describe('A log in an odd form', () => {
  it('is read all the same', async () => {
    await using bench = await Bench.make();
    const log = await bench.read(killed);
    const colours = log.replace(/^(?=.)/gm, '\u001b[31m').replace(/(?<=.)$/gm, '\u001b[0m');
    const utf16 = Buffer.from(`\ufeff${log}`, 'utf16le');
    const invalid = Buffer.concat([Buffer.from([0xff, 0xc3, 0x28, 10]), Buffer.from(log)]);
    const forms: Record<string, string | Buffer> = {
      'utf16le.log': utf16,
      'utf16be.log': Buffer.from(utf16).swap16(),
      'invalid.log': invalid,
      'colours.log': colours,
      'windows.log': log.replaceAll('\n', '\r\n'),
      '로그 파일 (1).log': log,
    };
    for (const [name, content] of Object.entries(forms)) {
      await bench.write(name, content);
      const { status, result } = await bench.json(['diagnose', name, '--new', ...fast]);
      expect(status, name).toBe(0);
      expect(result.incident.category, name).toBe('oom-killed');
      const cited = result.rootCause?.evidence.find(({ text }) => text.includes('OOMKilled'));
      expect(cited?.text, name).toMatch(/^\s+Reason:\s+OOMKilled$/);
      expect(cited?.source).toBe(name);
    }
  });

  it('of one line of 10 MB ends in an answer, and the line is stored cut', async () => {
    await using bench = await Bench.make();
    await bench.write('line.log', `ERROR ${'x'.repeat(10 * 1024 * 1024)}`);
    const { status, result } = await bench.json(['diagnose', 'line.log', ...fast]);
    expect([0, 3, 4]).toContain(status);
    expect(result.error).toBeNull();
    const log = await bench.read(killed);
    await bench.write('both.log', `${log}\n${'x'.repeat(10 * 1024 * 1024)}\n`);
    const both = await bench.json(['diagnose', 'both.log', ...fast]);
    expect(both.result.incident.category).toBe('oom-killed');
  });
});

describe('Values that cannot be changed', () => {
  it('end in advice with a sentence, and stay as they are', async () => {
    await using bench = await Bench.make();
    const values = await bench.read(valuesFile);
    const forms = {
      'that do not parse': `${values}\n  broken: [1, 2\n    - x: "`,
      'without the key': 'replicas: 1\nimage:\n  tag: "1"\n',
      'that are empty': '',
    };
    for (const [name, content] of Object.entries(forms)) {
      await bench.write(valuesFile, content);
      const ended = await bench.json(['diagnose', killed, '--yes', '--new', ...fast]);
      const { result, status } = ended;
      expect({ status, outcome: result.outcome }, name).toEqual({ status: 0, outcome: 'advised' });
      expect(result.incident.category, name).toBe('oom-killed');
      expect(result.commit, name).toBeNull();
      expect(await bench.read(valuesFile), name).toBe(content);
      const page = await bench.run(['incidents', result.incident.id ?? '']);
      expect(page.stdout, name).toMatch(/Do this now\n\S.{20,}/);
      await bench.git('checkout', '--quiet', '--', valuesFile);
    }
    expect(await bench.commits()).toBe(1);
  });

  it('through a link out of the workspace are not followed', async () => {
    await using bench = await Bench.make();
    const outside = join(bench.root, '..', 'outside.yaml');
    await bench.write('../outside.yaml', await bench.read(valuesFile));
    await rm(join(bench.root, valuesFile));
    await symlink(outside, join(bench.root, valuesFile));
    const before = await bench.read('../outside.yaml');
    const { result } = await bench.json(['diagnose', killed, '--yes', ...fast]);
    expect(result.incident.category).toBe('oom-killed');
    expect(result.commit).toBeNull();
    expect(await bench.read('../outside.yaml')).toBe(before);
    expect(await bench.commits()).toBe(1);
  });

  it('without a repository are changed by --yes and by accept, which say that nothing is committed', async () => {
    for (const commands of [
      [['diagnose', killed, '--yes', ...fast]],
      [
        ['diagnose', killed, ...fast],
        ['accept', '--commit'],
      ],
      [['diagnose', killed, ...fast], ['accept']],
    ]) {
      await using bench = await Bench.make();
      await rm(join(bench.root, '.git'), { recursive: true });
      let id = '';
      for (const [command = '', ...words] of commands) {
        const args = command === 'accept' ? [command, id, ...words] : [command, ...words];
        const { status, result, stderr } = await bench.json(args);
        expect({ status, error: result.error, commit: result.commit }).toEqual({
          status: 0,
          error: null,
          commit: null,
        });
        expect(result.outcome).toBe('proposed');
        id = result.incident.id ?? '';
        const last = commands.at(-1)?.[0] === command;
        expect(result.incident.status).toBe(last ? 'accepted' : 'awaiting-approval');
        expect(stderr.includes('nothing was committed')).toBe(last);
      }
      expect(await bench.read(valuesFile)).toContain('memory: 1024Mi  # raised');
      expect((await bench.run(['accept', id, '--commit'])).stdout).toMatch(/nothing was committed/);
    }
  });
});

describe('A path with spaces and Korean letters', () => {
  it('is a repository like any other', async () => {
    await using bench = await Bench.make('내 저장소 (운영) #1');
    const { status, result } = await bench.json(['diagnose', killed, '--yes', ...fast]);
    expect({ status, error: result.error }).toEqual({ status: 0, error: null });
    expect(await bench.commits()).toBe(2);
    expect(await bench.git('status', '--porcelain')).toBe('');
  });

  it('is a workspace from elsewhere', async () => {
    await using bench = await Bench.make('작업 공간');
    const args = ['diagnose', join(bench.root, killed), '--workspace', bench.root, ...fast];
    const { result } = await bench.json(args, { cwd: join(bench.root, '..') });
    expect(result.outcome).toBe('proposed');
    expect(result.proposal?.files[0]?.path).toBe(valuesFile);
  });
});
