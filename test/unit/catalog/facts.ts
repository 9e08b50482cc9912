import { bundledEntries } from '../../../src/catalog/bundled';
import type { CatalogueEntry } from '../../../src/catalog/entry';
import type { RankFacts } from '../../../src/catalog/rank';
import { noUsage } from '../../../src/catalog/usage';

/** A machine with every program and every value that a server may want. */
export const allThere: RankFacts = {
  hasValue: () => true,
  unavailable: {},
  usage: noUsage,
  now: Date.parse('2026-11-21T00:00:00Z'),
};

/** The same without any value. */
export const noValues: RankFacts = { ...allThere, hasValue: () => false };

/** An entry of the bundled list. */
export function bundled(name: string): CatalogueEntry {
  const entry = bundledEntries.find((each) => each.name === name);
  if (!entry) throw new Error(`There is no ${name} in the bundled list.`);
  return entry;
}

/** An entry of which only what a test is about is said. */
export function entryWith(given: Partial<CatalogueEntry> & { name: string }): CatalogueEntry {
  return {
    title: given.name,
    purpose: '',
    keywords: [],
    categories: null,
    program: { kind: 'npm', package: given.name, version: '1.0.0', integrity: null, bin: null },
    args: [],
    publisher: '',
    official: false,
    state: 'none',
    environment: [],
    hosts: [],
    tools: [],
    looks: [],
    needsBuild: false,
    origin: 'npm',
    releasedOn: null,
    provenance: { startedOn: null, transcript: null, notStarted: null },
    ...given,
  };
}
