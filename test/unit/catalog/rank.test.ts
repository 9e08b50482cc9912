import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bundledEntries } from '../../../src/catalog/bundled';
import { queryOfWords, type CatalogueQuery } from '../../../src/catalog/query';
import { rank } from '../../../src/catalog/rank';
import { reasonText } from '../../../src/catalog/reasons';
import type { ServerUsage } from '../../../src/catalog/usage';
import { allThere, bundled, entryWith, noValues } from './facts';

const words = queryOfWords;
const names = (query: CatalogueQuery, facts = allThere) =>
  rank(bundledEntries, query, facts).map(({ entry }) => entry.name);

function withUsage(server: string, usage: Partial<ServerUsage>) {
  const past = { ok: 0, failed: 0, ...usage };
  return { ...allThere, usage: { servers: { [server]: past }, incidents: [] } };
}

describe('rank', () => {
  it('gives scores from 0 to 100 that are the sum of their breakdown, for any words', () => {
    const vocabulary = bundledEntries.flatMap(({ keywords }) => keywords);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...vocabulary), fc.string()), { maxLength: 6 }),
        fc.constantFrom(null, 'oom-killed', 'database-unavailable', 'crash-loop'),
        fc.boolean(),
        (keywords, category, hasValues) => {
          const query = { keywords, category, app: null } as const;
          const ranked = rank(bundledEntries, query, hasValues ? allThere : noValues);
          for (const { score, breakdown } of ranked) {
            const sum =
              breakdown.text + breakdown.official + breakdown.freshness + breakdown.starts;
            expect(score).toBe(sum);
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(100);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('weighs a name over a title, a title over a tool, and a tool over the purpose', () => {
    const entries = [
      entryWith({ name: 'd', purpose: 'Speaks to zebra.' }),
      entryWith({ name: 'c', tools: [{ name: 'zebra', description: '', readOnly: true }] }),
      entryWith({ name: 'b', title: 'zebra' }),
      entryWith({ name: 'zebra', title: '' }),
    ];
    const ranked = rank(entries, words('zebra'), allThere);
    expect(ranked.map(({ entry }) => entry.name)).toEqual(['zebra', 'b', 'c', 'd']);
  });

  it('leaves out what nothing speaks for', () => {
    expect(names(words('zebra'))).toEqual([]);
    expect(names({ keywords: [], category: null, app: null })).toEqual([]);
  });

  it('offers no general tool for an incident, and finds it for who looks for it', () => {
    const incident = { keywords: ['memory', 'oom'], category: 'oom-killed', app: null } as const;
    expect(names(incident)).not.toContain('memory');
    expect(names(words('memory'))[0]).toBe('memory');
  });

  it('counts the app less than the keywords', () => {
    const query = { keywords: ['postgresql'], category: null, app: 'redis' };
    expect(names(query)[0]).toBe('postgres');
    expect(names(query)).toContain('redis');
  });

  it('puts what lacks a value after what can start, and what cannot run here last', () => {
    const [ready, lacking, broken] = ['ready', 'lacking', 'broken'].map((name) =>
      entryWith({ name, keywords: ['zebra'] }),
    );
    const token = { name: 'TOKEN', description: '', required: true, secret: true };
    const entries = [
      { ...broken, needsBuild: true },
      { ...lacking, official: true, environment: [token] },
      ready,
    ].map((entry) => entryWith({ name: '', ...entry }));
    const ranked = rank(entries, words('zebra'), noValues);
    expect(ranked.map(({ entry }) => entry.name)).toEqual(['ready', 'lacking', 'broken']);
    expect(ranked[1]?.missing).toEqual(['TOKEN']);
    expect(ranked[2]?.unavailable).toMatch(/install scripts/);
  });

  it('misses no value that War Room sets by itself', () => {
    const value = { name: 'REGION', description: '', required: true, secret: false };
    const entry = entryWith({ name: 'zebra', environment: [{ ...value, default: 'US' }] });
    expect(rank([entry], words('zebra'), noValues)[0]?.missing).toEqual([]);
  });

  it('believes our own starts over what was recorded', () => {
    const score = (usage: Partial<ServerUsage>) =>
      rank([bundled('prometheus')], words('prometheus'), withUsage('prometheus', usage))[0]
        ?.breakdown.starts ?? -1;
    expect(score({ ok: 20 })).toBeGreaterThan(score({ ok: 1 }));
    expect(score({ ok: 1 })).toBeGreaterThan(score({}));
    expect(score({})).toBeGreaterThan(score({ failed: 2 }));
    expect(score({ failed: 2 })).toBeGreaterThan(score({ failed: 20 }));
  });

  it('prefers the newer version', () => {
    const points = (releasedOn: string | null) =>
      rank([entryWith({ name: 'zebra', releasedOn })], words('zebra'), allThere)[0]?.breakdown
        .freshness;
    expect(points('2026-11-01')).toBe(5);
    expect(points('2025-11-21')).toBe(3);
    expect(points('2020-01-01')).toBe(0);
    expect(points(null)).toBe(0);
  });

  it('says why, in English and in Korean', () => {
    const [first] = rank([bundled('redis')], words('redis cache'), withUsage('redis', { ok: 3 }));
    expect(first?.reasons.map((reason) => reasonText(reason))).toEqual([
      'matches redis, cache',
      'official, by Redis',
      'started here 3 times',
      'this version is of 2026-08-01',
    ]);
    expect(first?.reasons.map((reason) => reasonText(reason, 'ko'))).toEqual([
      'redis, cache와(과) 일치',
      'Redis의 공식 서버',
      '여기서 3번 시작됨',
      '2026-08-01에 나온 버전',
    ]);
  });
});
