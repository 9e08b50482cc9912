import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LONGEST_LINE } from '../../../src/intake/clean';
import { readLog, readLogs, SMALL_BYTES } from '../../../src/intake/readLog';
import type { IntakeOptions, LogSource } from '../../../src/intake/source';

const options: IntakeOptions = {
  patterns: [
    { literals: ['oomkilled'], pattern: /OOMKilled/ },
    { literals: ['error'], pattern: /error/i },
  ],
};
let folder: string;
let workerScript: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'war-room-intake-'));
  workerScript = join(folder, 'scan.js');
  await build({
    entryPoints: [join(import.meta.dirname, '../../../src/intake/scanWorker.ts')],
    outfile: workerScript,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<LogSource> {
  const path = join(folder, name);
  await writeFile(path, content);
  return { kind: 'file', path };
}
const textsOf = async (source: LogSource, more: Partial<IntakeOptions> = {}) =>
  (await readLog(source, { ...options, ...more })).text.lines.map((line) => line.text);
const selection = (text: string, firstLine?: number): LogSource => ({
  kind: 'text',
  source: 'app.log',
  text,
  ...(firstLine === undefined ? {} : { firstLine }),
});
const fails = (source: LogSource, code: string, words: RegExp, more: Partial<IntakeOptions> = {}) =>
  expect(readLog(source, { ...options, ...more })).rejects.toMatchObject({
    name: 'WarRoomError',
    code,
    message: expect.stringMatching(words) as unknown,
  });

describe('a small log', () => {
  it('is kept whole, with its numbers', async () => {
    const { text, totalBytes, fingerprint } = await readLog(
      await file('small.log', 'a\n\nerror: b\n'),
      options,
    );
    expect(text.lines).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: '' },
      { number: 3, text: 'error: b' },
    ]);
    expect(text).toMatchObject({
      complete: true,
      totalLines: 3,
      source: join(folder, 'small.log'),
    });
    expect(totalBytes).toBe(12);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is masked', async () => {
    const secret = ['hunter', '2'].join('');
    expect(await textsOf(selection(`a\nDB_PASSWORD=${secret}`))).toEqual([
      'a',
      'DB_PASSWORD=[masked password]',
    ]);
  });

  it('keeps the line numbers of a selection, of which the rest is not known', async () => {
    const { text } = await readLog(selection('x\ny', 41), options);
    expect(text.lines.map((line) => line.number)).toEqual([41, 42]);
    expect(text.complete).toBe(false);
  });

  it.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFF오류 a\nb')],
    ['UTF-16 LE with a mark', Buffer.from('\uFEFF오류 a\nb', 'utf16le')],
    ['UTF-16 BE with a mark', Buffer.from('\uFEFF오류 a\nb', 'utf16le').swap16()],
    ['CRLF', Buffer.from('오류 a\r\nb\r\n')],
    ['CR', Buffer.from('오류 a\rb\r')],
    ['terminal colours', Buffer.from('\x1b[1;31m오류\x1b[0m a\n\x1b]0;title\x07b\x1b[K\x1b(B')],
    ['colours as syslog and JSON write them', Buffer.from('#033[31m오류 a\nb\\u001b[0m')],
    ['control characters', Buffer.from('\0오류\b a\n\x7fb\x02')],
  ])('is read as text: %s', async (name, bytes) => {
    expect(await textsOf(await file(`${name}.log`, bytes))).toEqual(['오류 a', 'b']);
  });

  it.each(['utf16le', 'utf16be'])('is read as text: %s without a mark', async (name) => {
    const bytes = Buffer.from('error a\nerror b', 'utf16le');
    const swapped = name === 'utf16be' ? bytes.swap16() : bytes;
    const result = await readLog(await file(`${name}.log`, swapped), options);
    expect(result.text.lines.map((line) => line.text)).toEqual(['error a', 'error b']);
    expect(result.notes.join()).toContain('UTF-16');
  });

  it('has invalid UTF-8 replaced, and says so', async () => {
    const bytes = Buffer.concat([
      Buffer.from('error: caf'),
      Buffer.from([0xe9, 0xff]),
      Buffer.from(' x\n'),
    ]);
    const result = await readLog(await file('latin.log', bytes), options);
    expect(result.text.lines[0]?.text).toBe('error: caf\uFFFD\uFFFD x');
    expect(result.notes.join()).toContain('not UTF-8');
  });

  it('says nothing of a character that the sample cuts', async () => {
    for (let shift = 0; shift < 4; shift++) {
      const result = await readLog(
        await file('cut.log', `${'x'.repeat(shift)}${'한글\n'.repeat(20_000)}`),
        options,
      );
      expect(result.notes).toEqual([]);
    }
  });

  it('may lie at a path with spaces and Korean letters', async () => {
    await mkdir(join(folder, '내 로그'), { recursive: true });
    expect(await textsOf(await file('내 로그/오류 기록.log', 'error'))).toEqual(['error']);
  });

  it('has lines of progress bars kept as one', async () => {
    expect(await textsOf(selection('pull\r10%\r100%\ndone'))).toEqual(['pull 10% 100%', 'done']);
  });
});

describe('several logs', () => {
  it('become one text for each source, selections in order', async () => {
    const { results } = await readLogs(
      [selection('c', 9), { kind: 'text', source: '-', text: 'error' }, selection('a\nb', 3)],
      options,
    );
    expect(results.map(({ text }) => text.source)).toEqual(['app.log', '-']);
    expect(results[0]?.text.lines.map(({ number, text }) => `${number} ${text}`)).toEqual([
      '3 a',
      '4 b',
      '9 c',
    ]);
  });

  it('have the same fingerprint in any order', async () => {
    const a: LogSource = { kind: 'text', source: 'a', text: 'error: a' };
    const b: LogSource = { kind: 'text', source: 'b', text: 'error: b' };
    const one = await readLogs([a, b], options);
    const other = await readLogs([b, a], options);
    expect(one.fingerprint).toBe(other.fingerprint);
    expect(one.fingerprint).not.toBe((await readLogs([a], options)).fingerprint);
  });

  it('may be empty in part, not in all', async () => {
    const { results } = await readLogs([selection(' '), selection('error')], options);
    expect(results).toHaveLength(1);
    await expect(readLogs([selection(''), selection('\n')], options)).rejects.toMatchObject({
      code: 'empty-log',
    });
    await expect(readLogs([], options)).rejects.toMatchObject({ code: 'empty-log' });
  });
});

describe('bad input', () => {
  it.each(['', ' \n\t\r\n ', '\uFEFF'])('nothing to read: %j', async (text) => {
    await fails(selection(text), 'empty-log', /holds no text.*try again/);
    await fails(await file('empty.log', text), 'empty-log', /empty\.log holds no text/);
    await fails(
      { kind: 'stream', source: '-', stream: Readable.from([text]) },
      'empty-log',
      /Standard input/,
    );
  });

  it.each([
    [
      'core',
      Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 31) % 256)),
      /binary file, not text/,
    ],
    ['zeros', Buffer.alloc(2048), /binary file, not text/],
    ['app.log.gz', gzipSync('error '.repeat(500)), /gzip archive.*unpack/],
  ])('binary: %s', async (name, bytes, words) => {
    await fails(await file(name, bytes), 'binary-log', words);
  });

  it('no such file, a folder, a link to itself', async () => {
    await fails(
      { kind: 'file', path: join(folder, 'none.log') },
      'unreadable-log',
      /was not found; check the path/,
    );
    await fails({ kind: 'file', path: folder }, 'unreadable-log', /is a folder; choose a log file/);
    const loop = join(folder, 'loop.log');
    await symlink(loop, loop);
    await fails({ kind: 'file', path: loop }, 'unreadable-log', /link that leads back to itself/);
  });

  it('a file that is not ours to read', async () => {
    const source = await file('private.log', 'error');
    await chmod(join(folder, 'private.log'), 0o000);
    // Root may read everything, so root becomes nobody for a moment.
    const isRoot = process.geteuid?.() === 0;
    await chmod(folder, 0o755);
    if (isRoot) process.seteuid?.(65534);
    try {
      await fails(source, 'unreadable-log', /may not be read by you/);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('a stream that breaks', async () => {
    const stream = new Readable({ read: () => undefined });
    stream.destroy(new Error('socket hang up'));
    await fails(
      { kind: 'stream', source: '-', stream },
      'unreadable-log',
      /could not be read \(socket hang up\)/,
    );
  });

  it('a single line of 10 MB', async () => {
    const line = `error: start ${'lorem ipsum '.repeat(900_000)} the end`;
    const source = await file('line.log', line);
    for (const more of [{}, { workerScript }]) {
      const { text } = await readLog(source, { ...options, ...more });
      expect(text.totalLines).toBe(1);
      const [only] = text.lines;
      expect(only?.text.length).toBeLessThan(LONGEST_LINE + 1000);
      expect(only?.text).toMatch(/^error: start lorem .*characters cut.* the end$/);
    }
  });

  it('a long line of which the failure stands in the middle', async () => {
    const line = `${'lorem ipsum '.repeat(100_000)} OOMKilled ${'dolor sit '.repeat(100_000)}`;
    const [kept] = await textsOf(selection(line));
    expect(kept).toContain('OOMKilled');
    expect(kept?.length).toBeLessThan(LONGEST_LINE + 1000);
  });

  it('a long line that is cut within a secret', async () => {
    const secret = 'Zq9'.repeat(20);
    for (let shift = 0; shift < 40; shift += 3) {
      const pad = 'lorem '.repeat(1365).slice(0, 8192 - 20 - shift);
      const [kept] = await textsOf(
        selection(`${pad} password: ${secret} ${'ipsum '.repeat(40_000)}`),
      );
      expect(kept).not.toContain('Zq9');
    }
  });

  it('a log full of terminal sequences that never end', async () => {
    const text = `error ${'\x1b]8;;'.repeat(100_000)}${'\x1b['.repeat(100_000)}`;
    const [kept] = await textsOf(selection(text));
    expect(kept).toMatch(/^error/);
    expect(kept).not.toContain('\x1b');
  });
});

describe('a large log', () => {
  const lines = Array.from({ length: 120_000 }, (_, n) =>
    n % 1000 === 0
      ? `10:00:00 error: request ${n} failed`
      : `10:00:00 info request ${n} took ${n % 90} ms, 한글`,
  );
  lines[70_000] = 'pod grafana-7d9c5b8f6d-x2x9z OOMKilled';
  lines[70_001] = `retry with token=${['Zq9', 'Xw8', 'Yv7'].join('')}`;
  const content = lines.join('\n');
  const ways: Record<
    string,
    (name: string, bytes: Buffer) => Promise<[LogSource, Partial<IntakeOptions>]>
  > = {
    'in this thread': async (name, bytes) => [await file(name, bytes), {}],
    'in one worker': async (name, bytes) => [await file(name, bytes), { workerScript, workers: 1 }],
    'in two workers': async (name, bytes) => [
      await file(name, bytes),
      { workerScript, workers: 2 },
    ],
    'from a stream': (_, bytes) => {
      const chunks = Array.from({ length: Math.ceil(bytes.length / 65_521) }, (_, n) =>
        bytes.subarray(n * 65_521, (n + 1) * 65_521),
      );
      return Promise.resolve([{ kind: 'stream', source: '-', stream: Readable.from(chunks) }, {}]);
    },
    'as a text': (_, bytes) => Promise.resolve([selection(bytes.toString()), {}]),
  };

  it.each(Object.entries(ways))(
    'gives start, end and failures, masked, with their numbers: %s',
    async (_, open) => {
      const [source, more] = await open('large.log', Buffer.from(content));
      const { text, totalBytes, repetitions, notes } = await readLog(source, {
        ...options,
        ...more,
      });
      expect(totalBytes).toBe(Buffer.byteLength(content));
      expect(totalBytes).toBeGreaterThan(SMALL_BYTES);
      expect(text).toMatchObject({ complete: false, totalLines: lines.length });
      const kept = new Map(text.lines.map((line) => [line.number, line.text]));
      expect(kept.get(1)).toBe(lines[0]);
      expect(kept.get(70_001)).toBe(lines[70_000]);
      expect(kept.get(70_002)).toBe('retry with token=[masked token]');
      expect(kept.get(120_000)).toBe(lines.at(-1));
      for (const [number, line] of kept)
        if (number !== 70_002) expect(line).toBe(lines[number - 1]);
      expect(Math.max(...repetitions.map(({ times }) => times))).toBe(119);
      expect(notes.join()).toContain('120000 lines');
    },
  );

  it.each([
    ['UTF-16 LE', Buffer.from(`\uFEFF${content}`, 'utf16le')],
    ['UTF-16 BE', Buffer.from(`\uFEFF${content}`, 'utf16le').swap16()],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${content}`)],
    ['CRLF', Buffer.from(lines.join('\r\n'))],
    ['CR', Buffer.from(lines.join('\r'))],
  ])('may be %s', async (name, bytes) => {
    const source = await file(`large ${name}.log`, bytes);
    for (const more of [{}, { workerScript }]) {
      const { text } = await readLog(source, { ...options, ...more });
      expect(text.totalLines).toBe(lines.length);
      expect(text.lines[0]?.text).toBe(lines[0]);
      expect(text.lines.find((line) => line.number === 70_001)?.text).toBe(lines[70_000]);
      expect(text.lines.at(-1)?.text).toBe(lines.at(-1));
    }
  });

  it('is read in this thread when the worker does not start', async () => {
    const source = await file('large.log', content);
    const missing = join(folder, 'missing.js');
    const { text } = await readLog(source, { ...options, workerScript: missing });
    expect(text.totalLines).toBe(lines.length);
  });

  it('keeps no more than the cap', async () => {
    const source = await file('large.log', content);
    const { text } = await readLog(source, { ...options, workerScript, capBytes: 20_000 });
    expect(text.lines.reduce((sum, line) => sum + Buffer.byteLength(line.text), 0)).toBeLessThan(
      20_100,
    );
    expect(text.lines.map((line) => line.number)).toContain(70_001);
  });

  it('tells how far it is', async () => {
    const source = await file('progress.log', Buffer.alloc(40 * 1024 * 1024, `${content}\n`));
    for (const more of [{}, { workerScript, workers: 1 as const }]) {
      const seen: number[] = [];
      await readLog(source, {
        ...options,
        ...more,
        onProgress: (done, total) => seen.push(done / (total ?? 0)),
      });
      expect(seen.length).toBeGreaterThan(1);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(seen.at(-1)).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    ['in this thread', () => ({})],
    ['in workers', () => ({ workerScript })],
  ])('stops when it is cancelled: %s', async (_, more) => {
    const source = await file('cancel.log', Buffer.alloc(48 * 1024 * 1024, `${content}\n`));
    const controller = new AbortController();
    const resources: string[] = [];
    const reading = readLog(source, {
      ...options,
      ...more(),
      signal: controller.signal,
      onProgress: () => {
        resources.push(...process.getActiveResourcesInfo());
        controller.abort();
      },
    });
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect(resources.includes('MessagePort')).toBe('workerScript' in more());
    await vi.waitFor(
      () => expect(process.getActiveResourcesInfo()).not.toContain('MessagePort'),
      10_000,
    );
  });

  it('stops when its time is up', async () => {
    const stream = new Readable({ read: () => undefined });
    await fails({ kind: 'stream', source: '-', stream }, 'deadline', /took longer/, {
      deadlineMs: 20,
    });
    await vi.waitFor(() => expect(stream.destroyed).toBe(true));
  });

  it('does not start when it was cancelled before', async () => {
    await fails(selection('error'), 'cancelled', /cancelled/, { signal: AbortSignal.abort() });
  });
});
