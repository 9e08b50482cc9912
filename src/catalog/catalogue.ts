import { join } from 'node:path';

import type { Clock } from '../base/clock';
import { withDeadline } from '../base/deadline';
import { messageOf } from '../base/errors';
import type { Log } from '../base/log';
import { AnswerCache } from './answerCache';
import { bundledEntries } from './bundled';
import type { CatalogueEntry } from './entry';
import { merge } from './merge';
import { queryOfWords, type CatalogueQuery } from './query';
import { rank, type Ranked, type RankFacts } from './rank';
import { NpmSearch } from './sources/npmSearch';
import type { PackageSearch } from './sources/npmSearch';
import { OwnServers } from './sources/ownServers';
import { McpRegistry } from './sources/registry';
import type { Source, SourceAnswer } from './sources/source';
import { UsageFile } from './usage';

export interface CatalogueOptions {
  /** The data folder; the catalogue keeps its files in `catalogue/`. */
  dataFolder: string;
  clock: Clock;
  log: Log;
  /** The person's `mcp.json` files, absolute; asked at each look, since a workspace changes. */
  ownFiles: () => readonly string[];
  /** Base address of the MCP registry; empty: it is not asked. */
  registryUrl: () => string;
  /** Searches the npm registry of this person's settings; null: it is not asked. */
  npmSearch: PackageSearch | null;
  /** Each source answers within this, or the others answer without it; 10 s unless told. */
  deadlineMs?: number;
}

/** Servers, and one sentence for each thing that a person should know of the answer. */
export interface Listing {
  entries: readonly CatalogueEntry[];
  notes: readonly string[];
}

export interface RankedListing {
  ranked: readonly Ranked[];
  notes: readonly string[];
}

/** What is known of this machine besides the past, which the catalogue remembers itself. */
export type Machine = Omit<RankFacts, 'usage' | 'now'>;

const usualDeadlineMs = 10_000;
/** A kept answer younger than this is not asked for again. */
const freshMs = 60 * 60 * 1000;
/** Words that are sent to a registry. */
const longestSearch = 200;

/** Where MCP servers are found, and which of them fits. Starts nothing. */
export class Catalogue {
  readonly usage: UsageFile;
  private readonly cache: AnswerCache;
  private readonly own: OwnServers;

  constructor(private readonly options: CatalogueOptions) {
    const folder = join(options.dataFolder, 'catalogue');
    this.usage = new UsageFile(folder);
    this.cache = new AnswerCache(join(folder, 'answers'), options.clock);
    this.own = new OwnServers(options.ownFiles);
  }

  /** The person's own servers and the bundled list; no network is used. */
  async list(signal: AbortSignal): Promise<Listing> {
    const own = await this.ask(this.own, '', signal);
    return { entries: merge(own.entries, bundledEntries, []), notes: own.notes };
  }

  /** The entry of this name among {@link list}; undefined when there is none. */
  async get(name: string, signal: AbortSignal): Promise<CatalogueEntry | undefined> {
    return (await this.list(signal)).entries.find((entry) => entry.name === name);
  }

  /** What the person's own `mcp.json` writes for a server's variables, as of the last look. It may hold secrets. */
  ownValues(server: string): Readonly<Record<string, string>> {
    return this.own.valuesOf(server);
  }

  /** The servers of {@link list} that fit an incident, best first; see {@link rank}. */
  async rank(query: CatalogueQuery, machine: Machine, signal: AbortSignal): Promise<RankedListing> {
    const { entries, notes } = await this.list(signal);
    return { ranked: rank(entries, query, await this.facts(machine)), notes };
  }

  /**
   * "Find More Servers…": what a person looks for by words, in all sources at once. A source that
   * is slow or broken costs one sentence, never the answer.
   */
  async find(words: string, machine: Machine, signal: AbortSignal): Promise<RankedListing> {
    const text = words.replace(/\s+/g, ' ').trim().slice(0, longestSearch);
    const [known, ...answers] = await Promise.all([
      this.ask(this.own, '', signal),
      ...this.remoteSources().map((source) => this.askKeeping(source, text, signal)),
    ]);
    const entries = merge(
      known.entries,
      bundledEntries,
      answers.flatMap((answer) => answer.entries),
    );
    return {
      ranked: rank(entries, queryOfWords(text), await this.facts(machine)),
      notes: [known, ...answers].flatMap((answer) => answer.notes),
    };
  }

  private async facts(machine: Machine): Promise<RankFacts> {
    return { ...machine, usage: await this.usage.read(), now: this.options.clock.now() };
  }

  private remoteSources(): Source[] {
    const { registryUrl, npmSearch } = this.options;
    return [
      ...(registryUrl() ? [new McpRegistry(registryUrl)] : []),
      ...(npmSearch ? [new NpmSearch(npmSearch)] : []),
    ];
  }

  /** Asks, unless what was kept is fresh; where nothing answers, what was kept is served with its age. */
  private async askKeeping(
    source: Source,
    text: string,
    signal: AbortSignal,
  ): Promise<SourceAnswer> {
    const kept = await this.cache.get(source.name, text);
    const ageMs = kept ? this.options.clock.now() - Date.parse(kept.at) : 0;
    if (kept && ageMs >= 0 && ageMs < freshMs) return { entries: kept.entries, notes: [] };
    const answer = await this.ask(source, text, signal, async ({ entries }) => {
      await this.cache.put(source.name, text, entries);
    });
    if (!answer.failed || !kept) return answer;
    const old = `What it answered ${ageText(ageMs)} ago is shown.`;
    return { entries: kept.entries, notes: [`${answer.notes.join(' ')} ${old}`] };
  }

  /** Asks one source with a deadline; its failure is a sentence. */
  private async ask(
    source: Source,
    text: string,
    signal: AbortSignal,
    keep: (answer: SourceAnswer) => Promise<void> = () => Promise.resolve(),
  ): Promise<SourceAnswer & { failed?: boolean }> {
    const { deadlineMs = usualDeadlineMs } = this.options;
    try {
      const answer = await withDeadline(source.name, deadlineMs, signal, (within) =>
        source.search(text, within),
      );
      await keep(answer).catch((error: unknown) =>
        this.options.log.warn(`The answer of a search could not be kept: ${messageOf(error)}`),
      );
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const why = messageOf(error).replace(/\.$/, '');
      return { entries: [], notes: [`${source.name} did not answer: ${why}.`], failed: true };
    }
  }
}

/** "20 minutes", "3 hours", "2 days". */
function ageText(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 90) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
