import { describe, expect, it } from 'vitest';

import { rank } from '../../../../src/catalog/rank';
import { queryOfWords } from '../../../../src/catalog/query';
import { foundItems } from '../../../../src/editor/pool/foundServers';
import { allThere, bundled, entryWith, noValues } from '../../catalog/facts';

const redis = bundled('redis');

function itemsOf(facts: typeof allThere, notes: readonly string[] = []) {
  const ranked = rank([redis], queryOfWords('redis'), facts);
  return foundItems({ ranked, notes }, 'en');
}

describe('A found server', () => {
  it('shows name, score, publisher, program with its version, and the reasons', () => {
    const [item] = itemsOf(allThere).servers;
    expect(item?.label).toMatch(/^redis {2}\d+\/100$/);
    expect(item?.description).toBe('Redis · pypi:redis-mcp-server@0.5.1');
    expect(item?.detail).toMatch(/^matches redis; official, by Redis; .* — Asks a Redis/);
  });

  it('says first what it needs, and why it cannot run here', () => {
    const [needing] = itemsOf(noValues).servers;
    expect(needing?.detail).toMatch(/^needs REDIS_URL; matches redis;/);
    const noEngine = { ...noValues, unavailable: { pypi: 'No engine was reached.' } };
    const [unavailable] = itemsOf(noEngine).servers;
    expect(unavailable?.label).toMatch(/^⊘ redis/);
    expect(unavailable?.detail).toMatch(/^No engine was reached; needs REDIS_URL; matches/);
  });

  it('is text, whatever its registry says of it', () => {
    const hostile = entryWith({
      name: 'redis-x',
      purpose: '$(trash) Redis at $(sync~spin)',
      publisher: '$(verified) Redis',
    });
    const ranked = rank([hostile], queryOfWords('redis'), allThere);
    const { servers, notes } = foundItems({ ranked, notes: ['$(flame) failed'] }, 'en');
    const drawn = servers.flatMap(({ label, description, detail }) => [label, description, detail]);
    expect(drawn.join(' ')).not.toContain('$(');
    expect(drawn.join(' ')).toContain('$ (verified) Redis');
    expect(notes.map(({ label }) => label)).toEqual(['$(warning) $ (flame) failed']);
  });
});
