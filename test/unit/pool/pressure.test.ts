import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pressureOf, pressureVictims, without } from '../../../src/pool/pressure';
import type { MemorySample, ServerMemory } from '../../../src/pool/pressure';

const settings = { budgetBytes: 1000, thresholdPercent: 80 };

/** Servers by id with what they use; machines by runtime as `[used, total]`. */
function sampleOf(
  servers: Record<string, number | null | ServerMemory>,
  machines: Partial<Record<'process' | 'docker', [number, number]>> = {},
): MemorySample {
  const entries = Object.entries(servers).map(([id, given]): [string, ServerMemory] => [
    id,
    typeof given === 'object' && given !== null
      ? given
      : { runtime: 'docker', bytes: given, isPinned: false },
  ]);
  return {
    servers: new Map(entries),
    machines: new Map(
      Object.entries(machines).map(([name, [usedBytes, totalBytes]]) => [
        name as 'process' | 'docker',
        { usedBytes, totalBytes },
      ]),
    ),
  };
}

describe('the two measures of pressure', () => {
  it('counts what ours use of the budget', () => {
    const pressure = pressureOf(sampleOf({ a: 300, b: 501, c: null }), settings);
    expect(pressure).toEqual({
      ours: { usedBytes: 801, totalBytes: 1000, percent: 80.1 },
      machine: null,
      thresholdPercent: 80,
      isOver: true,
    });
    expect(pressureOf(sampleOf({ a: 800 }), settings).isOver).toBe(false);
  });

  it('counts the machine only if stopping ours would bring it down', () => {
    // 90% used: without our 700 it is 83%, without 1200 it is 78%.
    const full = (ours: number) => sampleOf({ a: ours }, { docker: [9_000, 10_000] });
    const roomy = { ...settings, budgetBytes: 10_000 };
    expect(pressureOf(full(700), roomy).isOver).toBe(false);
    expect(pressureOf(full(1_200), roomy).isOver).toBe(true);
    expect(pressureOf(full(700), roomy).machine?.percent).toBe(90);
  });

  it('does not count what is pinned as something that could be stopped', () => {
    const a = { runtime: 'docker' as const, bytes: 1_200, isPinned: true };
    const sample = sampleOf({ a }, { docker: [9_000, 10_000] });
    expect(pressureOf(sample, { ...settings, budgetBytes: 10_000 }).isOver).toBe(false);
  });

  it('takes two runtimes of one total for one machine', () => {
    const sample = sampleOf(
      { a: { runtime: 'process', bytes: 600, isPinned: false }, b: 600 },
      { process: [9_000, 10_000], docker: [9_000, 10_000] },
    );
    expect(pressureOf(sample, { ...settings, budgetBytes: 10_000 }).isOver).toBe(true);
  });

  it('knows nothing before the first sample', () => {
    expect(pressureOf(null, settings)).toMatchObject({ isOver: false, machine: null });
  });
});

describe('what to stop', () => {
  it('stops the oldest first, and no more than it takes', () => {
    const sample = sampleOf({ a: 100, b: 200, c: 600, d: 100 });
    expect(pressureVictims(sample, settings, ['a', 'b', 'c', 'd'], [])).toEqual(['a', 'b']);
  });

  it('counts what is on its way out as won', () => {
    const sample = sampleOf({ a: 300, b: 300, c: 400 });
    expect(pressureVictims(sample, settings, ['b'], ['a'])).toEqual([]);
  });

  it('leaves alone what would win nothing', () => {
    const sample = sampleOf({ a: null, b: 0, c: 900 });
    expect(pressureVictims(sample, settings, ['a', 'b', 'c'], [])).toEqual(['c']);
  });

  it('leaves alone what is on another machine than the one that presses', () => {
    const sample = sampleOf(
      { a: { runtime: 'process', bytes: 100, isPinned: false }, b: 300 },
      { process: [1_000, 8_000], docker: [1_700, 2_000] },
    );
    expect(pressureVictims(sample, settings, ['a', 'b'], [])).toEqual(['b']);
  });

  it('brings it under or has nothing left to stop, whatever the sample', () => {
    const bytes = fc.array(fc.nat(500), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(bytes, fc.nat(10_000), (sizes, used) => {
        const ids = sizes.map((_, index) => `s${index}`);
        const sample = sampleOf(Object.fromEntries(ids.map((id, i) => [id, sizes[i] ?? 0])), {
          docker: [used, 10_000],
        });
        const victims = pressureVictims(sample, settings, ids, []);
        const after = victims.reduce(without, sample);
        expect(pressureOf(after, settings).isOver).toBe(false);
        const last = victims.at(-1);
        if (last === undefined) return;
        const before = victims.slice(0, -1).reduce(without, sample);
        expect(pressureOf(before, settings).isOver, 'one less was enough').toBe(true);
      }),
    );
  });
});
