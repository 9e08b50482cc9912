import type { CatalogueEntry } from '../entry';

/** A place where servers are found. */
export interface Source {
  /** As a sentence names it: "The MCP registry". */
  readonly name: string;
  /**
   * Servers that fit the words; all of them without words.
   * @throws anything; the message becomes part of one sentence
   */
  search(words: string, signal: AbortSignal): Promise<SourceAnswer>;
}

export interface SourceAnswer {
  entries: readonly CatalogueEntry[];
  /** What a person should know of the answer, one sentence each: what was left out and why. */
  notes: readonly string[];
}
