import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { engineAt } from '../../../harness/engine';
import { EngineProxy } from '../../../harness/engineProxy';
import { waitFor } from '../../../harness/wait';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';
import { DockerWorld } from './world';

const host = process.env['DOCKER_HOST'] ?? '';
let missing: string | null;
let world: DockerWorld;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing === null) world = await DockerWorld.open(host);
});

beforeEach((context) => need(context, missing));

afterAll(() => world?.[Symbol.asyncDispose]());

/** Says in hexadecimal, at the end of its input, what it was sent. */
const recorder = `
  const chunks = [];
  process.stdin.on('data', (chunk) => chunks.push(chunk));
  process.stdin.on('end', () => console.log(Buffer.concat(chunks).toString('hex')));`;

/** Answers each line with so many bytes of text, and says on standard error that it did. */
const answerer = (bytes: number) => `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    process.stdout.write(line + ' ' + '한'.repeat(${bytes} / 3) + '\\n');
    console.error('answered ' + line);
  });`;

describe("a container's streams", () => {
  it('leave nothing in the input but what was written', async () => {
    const { program, text } = await world.start(recorder);
    program.input.end('{"a":1}\n');
    await expect(program.gone).resolves.toBe('ended with status 0');
    expect(text()).toBe(`${Buffer.from('{"a":1}\n').toString('hex')}\n`);
  });

  it('end on one side only: the answers still come', async () => {
    const { program, text } = await world.start(`
      process.stdin.on('end', () => setTimeout(() => console.log('after the end'), 300)).resume();`);
    program.input.end();
    await program.gone;
    expect(text()).toBe('after the end\n');
  });

  it('carry a million bytes in and out', async () => {
    const { program, text } = await world.start(`
      const { createHash } = require('node:crypto');
      const hash = createHash('sha256');
      process.stdin.on('data', (chunk) => hash.update(chunk));
      process.stdin.on('end', () => console.log(hash.digest('hex')));`);
    const { createHash } = await import('node:crypto');
    const bytes = Buffer.alloc(1_000_000, 'war room');
    program.input.end(bytes);
    await program.gone;
    expect(text()).toBe(`${createHash('sha256').update(bytes).digest('hex')}\n`);
  });

  it.for([1, 7, 8, 9, 997])('come whole in pieces of %i bytes', async (size) => {
    await using proxy = await EngineProxy.before(host);
    proxy.pieceBytes = size;
    const bytes = size < 100 ? 3_000 : 200_000;
    const runtime = world.runtime({
      connect: () => engineAt(proxy.host),
      images: world.images(['node', '-e', answerer(bytes)]),
    });
    const { program, text, errorLines } = await world.start('', { runtime });
    program.input.write('one\ntwo\n');
    await waitFor('both answers', () => text().endsWith('\n') && errorLines.length === 2);
    const answer = (name: string) => `${name} ${'한'.repeat(bytes / 3)}\n`;
    expect(text() === answer('one') + answer('two')).toBe(true);
    expect(errorLines).toEqual(['answered one', 'answered two']);
    expect(proxy.requests.some((request) => request.includes('/attach'))).toBe(true);
    await program.stop();
  });

  it('hold a program up that writes more than is read', async () => {
    const { program, errorLines, read } = await world.start(
      `
      const block = Buffer.alloc(1_000_000, 'x');
      const write = (blocks) => process.stdout.write(block, () => {
        console.error(blocks);
        write(blocks + 1);
      });
      write(1);`,
      { unread: true },
    );
    let before = -1;
    await waitFor(
      'it to be held up',
      () => errorLines.length === before || ((before = errorLines.length), false),
      { intervalMs: 1_000 },
    );
    expect(before).toBeLessThan(20);
    read();
    await waitFor('it to go on', () => errorLines.length > before);
    await program.stop();
  });

  it('hand over a part of a flood of errors, and the answers all the same', async () => {
    const { program, text, errorLines } = await world.start(`
      const block = 'a line of a flood\\n'.repeat(3_000);
      const flood = () => process.stderr.write(block, flood);
      flood();
      require('node:readline').createInterface({ input: process.stdin })
        .on('line', (line) => console.log('heard ' + line));`);
    for (const word of ['one', 'two', 'three']) {
      program.input.write(`${word}\n`);
      await waitFor(`the answer to ${word}`, () => text().includes(`heard ${word}`));
    }
    await program.stop();
    expect(errorLines).toContain('a line of a flood');
    expect(errorLines.some((line) => /more lines of this second/.test(line))).toBe(true);
  });

  it('do not keep a program alive that never reads its input', async () => {
    const { program } = await world.start('setInterval(() => {}, 1000);');
    let isWritten = false;
    program.input.write(Buffer.alloc(50_000_000), (error) => (isWritten = !error));
    await sleep(500);
    expect(isWritten).toBe(false);
    await program.stop();
    await expect(program.gone).resolves.toBe('was stopped');
  });
});
