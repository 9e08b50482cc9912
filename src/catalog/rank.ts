import MiniSearch, { type SearchResult } from 'minisearch';

import type { CatalogueEntry } from './entry';
import type { CatalogueQuery } from './query';
import type { Reason } from './reasons';
import { missingValues, unavailableReason, type Surroundings } from './requirements';
import type { ServerUsage, Usage } from './usage';

/** Points of a score; together at most 100. */
export interface Breakdown {
  /** How well names, keywords, tools and purpose fit what is asked, and the category. */
  text: number;
  /** Published by the makers of what it serves. */
  official: number;
  /** Age of its version. */
  freshness: number;
  /** Evidence that it starts. */
  starts: number;
}

export interface Ranked {
  entry: CatalogueEntry;
  /** 0 to 100: the sum of the breakdown. */
  score: number;
  breakdown: Breakdown;
  reasons: readonly Reason[];
  /** Required variables that have no value: without them it is not started. */
  missing: readonly string[];
  /** Why it cannot run here, in one sentence; null when it can. */
  unavailable: string | null;
}

/** What is known of this machine and of the past. */
export interface RankFacts extends Surroundings {
  usage: Usage;
  /** Wall time in ms. */
  now: number;
}

const most: Breakdown = { text: 65, official: 10, freshness: 5, starts: 20 };
/** Of the points for text: for the category, where the query and the entry both have one. */
const categoryPoints = 20;
/** Weights of the fields that are searched. */
const weights = { name: 4, title: 3, keywords: 3, tools: 2, purpose: 1, toolTexts: 1 } as const;
type Field = keyof typeof weights;

/** A version of this age has half of the points for freshness. */
const halfLifeMs = 365 * 24 * 60 * 60 * 1000;

/**
 * The entries that fit, best first: those that can start now, then those that lack a value, then
 * those that cannot run here. An entry that nothing speaks for is left out. Pure.
 */
export function rank(
  entries: readonly CatalogueEntry[],
  query: CatalogueQuery,
  facts: RankFacts,
): readonly Ranked[] {
  const candidates = entries.filter(
    ({ categories }) => query.category === null || !isNone(categories),
  );
  const matches = search(candidates, query);
  return candidates
    .flatMap((entry) => rankOne(entry, matches.get(entry.name), query, facts) ?? [])
    .sort(
      (a, b) =>
        order(a) - order(b) || b.score - a.score || a.entry.name.localeCompare(b.entry.name),
    );
}

/** An entry that helps with no kind of incident is only found by its name. */
function isNone(categories: CatalogueEntry['categories']): boolean {
  return categories !== null && categories.length === 0;
}

function order({ missing, unavailable }: Ranked): number {
  return unavailable !== null ? 2 : missing.length > 0 ? 1 : 0;
}

function rankOne(
  entry: CatalogueEntry,
  match: TextMatch | undefined,
  { category }: CatalogueQuery,
  facts: RankFacts,
): Ranked | undefined {
  const isOfCategory = category !== null && (entry.categories?.includes(category) ?? false);
  if (!match && !isOfCategory) return undefined;
  const isByCategory = category !== null && entry.categories !== null;
  const wordPoints = (match?.fit ?? 0) * (most.text - (isByCategory ? categoryPoints : 0));
  const usage = facts.usage.servers[entry.name];
  const breakdown: Breakdown = {
    text: Math.round(wordPoints + (isOfCategory ? categoryPoints : 0)),
    official: entry.official ? most.official : 0,
    freshness: freshness(entry, facts.now),
    starts: Math.round(most.starts * startEvidence(entry, usage)),
  };
  const missing = missingValues(entry, facts);
  const unavailable = unavailableReason(entry, facts);
  return {
    entry,
    score: breakdown.text + breakdown.official + breakdown.freshness + breakdown.starts,
    breakdown,
    reasons: [
      ...(match ? [{ kind: 'words', words: match.words } as const] : []),
      ...(isOfCategory ? [{ kind: 'category', category } as const] : []),
      ...reasonsOf(entry, usage),
      ...(missing.length > 0 ? [{ kind: 'needs-values', names: missing } as const] : []),
      ...(unavailable !== null ? [{ kind: 'unavailable', why: unavailable } as const] : []),
    ],
    missing,
    unavailable,
  };
}

function reasonsOf(entry: CatalogueEntry, usage: ServerUsage | undefined): readonly Reason[] {
  if (entry.program.kind === 'bundled') return [{ kind: 'comes-with-war-room' }];
  const reasons: Reason[] = [];
  if (entry.official) reasons.push({ kind: 'official', publisher: entry.publisher });
  if (usage && usage.ok > 0) {
    reasons.push({ kind: 'started-here', ok: usage.ok, failed: usage.failed });
  } else if (usage && usage.failed > 0) {
    reasons.push({ kind: 'never-started-here', failed: usage.failed });
  } else if (entry.provenance.startedOn !== null) {
    reasons.push({ kind: 'recorded', on: entry.provenance.startedOn });
  }
  if (entry.releasedOn !== null) reasons.push({ kind: 'released', on: entry.releasedOn });
  return reasons;
}

function freshness({ program, releasedOn }: CatalogueEntry, now: number): number {
  if (program.kind === 'bundled') return most.freshness;
  if (releasedOn === null) return 0;
  const age = Math.max(0, now - Date.parse(releasedOn));
  return Math.round(most.freshness * 0.5 ** (age / halfLifeMs));
}

/** 0 to 1: our own past starts here count most, a recorded start of the catalogue half. */
function startEvidence({ program, provenance }: CatalogueEntry, usage: ServerUsage | undefined) {
  if (program.kind === 'bundled') return 1;
  const before = provenance.startedOn === null ? 0 : 0.5;
  if (!usage || usage.ok + usage.failed === 0) return before;
  // The first starts here weigh as much as what was recorded elsewhere, later ones more.
  return (before * 2 + usage.ok) / (2 + usage.ok + usage.failed);
}

interface TextMatch {
  /** 0 to 1. */
  fit: number;
  words: readonly string[];
}

/** Relevance by BM25+: relative to the best match, and the share of the query that it covers. */
function search(
  entries: readonly CatalogueEntry[],
  { keywords, app }: CatalogueQuery,
): ReadonlyMap<string, TextMatch> {
  const index = new MiniSearch<Record<Field | 'id', string>>({
    fields: Object.keys(weights),
    tokenize: words,
    searchOptions: { boost: weights, prefix: (term) => term.length >= 4, weights: prefixWeights },
  });
  index.addAll(entries.map(documentOf));
  const asked = [...new Set(keywords.flatMap(words))];
  const results = index.search([...asked, ...words(app ?? '')].join(' '), {
    // What the app is called says less than what was recognised, and keywords come best first.
    boostTerm: (term) => (asked.includes(term) ? 1 / (1 + asked.indexOf(term) / 4) : 0.25),
  });
  const best = results[0]?.score ?? 1;
  return new Map(
    results.map((result) => [String(result.id), matchOf(result, best, asked)] as const),
  );
}

const prefixWeights = { fuzzy: 0, prefix: 0.3 };

function matchOf(
  { score, queryTerms }: SearchResult,
  best: number,
  asked: readonly string[],
): TextMatch {
  const matched = asked.filter((term) => queryTerms.includes(term));
  const coverage = asked.length === 0 ? 0 : matched.length / asked.length;
  return {
    fit: 0.7 * (score / best) + 0.3 * coverage,
    words: matched.length > 0 ? matched : [...new Set(queryTerms)],
  };
}

function documentOf(entry: CatalogueEntry): Record<Field | 'id', string> {
  return {
    id: entry.name,
    name: entry.name,
    title: entry.title,
    keywords: entry.keywords.join(' '),
    tools: entry.tools.map(({ name }) => name).join(' '),
    purpose: entry.purpose,
    toolTexts: entry.tools.map(({ description }) => description).join(' '),
  };
}

/** `node.js` and `ECONNREFUSED` are one word each, `get_service-logs` three. */
function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:\.[\p{L}\p{N}]+)*/gu) ?? [];
}
