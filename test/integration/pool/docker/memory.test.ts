import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { waitFor } from '../../../harness/wait';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';
import { DockerWorld, mebibyte } from './world';

let missing: string | null;
let world: DockerWorld;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing === null) world = await DockerWorld.open(process.env['DOCKER_HOST'] ?? '');
});

beforeEach((context) => need(context, missing));

afterAll(() => world?.[Symbol.asyncDispose]());

const soon = () => AbortSignal.timeout(20_000);
/** Takes so many bytes when told. */
const taker = (bytes: number) => `
  let taken;
  require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
    taken = Buffer.alloc(${bytes}, 1);
    console.log('taken');
  });
  console.log('ready');`;

describe('the memory of a container', () => {
  it('grows by what its program takes', async () => {
    const { program, text } = await world.start(taker(50 * mebibyte));
    await waitFor('it to be ready', () => text().includes('ready'));
    const before = (await program.memoryBytes(soon())) ?? NaN;
    program.input.write('take\n');
    await waitFor('it to take', () => text().includes('taken'));
    const grown = ((await program.memoryBytes(soon())) ?? NaN) - before;
    expect(grown).toBeGreaterThan(45 * mebibyte);
    expect(grown).toBeLessThan(60 * mebibyte);
    await program.stop();
  });
});

describe("the memory of the engine's machine", () => {
  /** By the kernel's own words, since the engine of the tests runs on this machine. */
  async function totalBytes(): Promise<number> {
    const text = await readFile('/proc/meminfo', 'utf8');
    return Number(/^MemTotal:\s+(\d+)/.exec(text)?.[1]) * 1024;
  }

  it('is read here when the engine runs here', async () => {
    const runtime = world.runtime();
    await expect(runtime.machineMemory(soon())).resolves.toBeNull();
    const { program } = await world.start('', { runtime });
    expect(world.engine.facts.isLocal).toBe(true);
    const memory = await runtime.machineMemory(soon());
    expect(memory?.totalBytes).toBe(await totalBytes());
    expect(memory?.usedBytes).toBeGreaterThan(0);
    await program.stop();
  });

  it('is read in a container where the engine runs elsewhere', async () => {
    const far = { ...world.engine, facts: { ...world.engine.facts, isLocal: false } };
    const runtime = world.runtime({ connect: () => Promise.resolve(far) });
    const { program } = await world.start('', { runtime });
    const memory = await runtime.machineMemory(soon());
    expect(memory?.totalBytes).toBe(await totalBytes());
    expect(memory?.usedBytes).toBeLessThan(memory?.totalBytes ?? 0);
    await program.stop();
    await expect(runtime.machineMemory(soon())).resolves.toBeNull();
  });
});
