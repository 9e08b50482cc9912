/**
 * A language model as the diagnosis sees it: one turn of a conversation at a time, over whatever
 * API. It holds no conversation; each call brings the whole of it.
 *
 * Errors are `WarRoomError`s: `model-denied` (no key, a refused key, no consent), `model-busy`
 * (rate limit or overload, after the adapter's own retries), `model-unavailable` (not reached, or
 * its service failed, after retries), `model-failed` (what was asked or answered cannot be used),
 * `cancelled` when the signal fires. A model that declines to answer is no error: `stop: 'refused'`.
 */
export interface ChatModel {
  /** Stable name with its provider: `anthropic/<model>`, `editor/<vendor>/<family>`. */
  readonly id: string;
  /** Shown to a person. */
  readonly label: string;
  /** Where what it is asked goes, in a person's words: a host name, "GitHub Copilot". */
  readonly destination: string;
  /** US dollars; null where nobody knows or where it costs nothing by the token. */
  readonly prices: ModelPrices | null;
  /**
   * @param options.onText hears the model's words as they come
   * @param options.onCut hears that an answer broke off, and says whether it may be asked for again
   */
  ask(
    request: ModelRequest,
    options: { signal: AbortSignal; onText?: (text: string) => void; onCut?: () => boolean },
  ): Promise<ModelTurn>;
}

/** US dollars for a million tokens, as the provider listed them on a day. */
export interface ModelPrices {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** `YYYY-MM-DD`. */
  asOf: string;
}

export interface ModelRequest {
  system: string;
  messages: readonly ModelMessage[];
  tools: readonly ModelTool[];
  /** The one tool that must be called now; null leaves it to the model. */
  mustCall: string | null;
  /** Tokens that the turn may take at most. */
  maxOutputTokens: number;
}

/** A tool as a model is told of it. */
export interface ModelTool {
  name: string;
  description: string;
  /** JSON schema of an object. */
  inputSchema: Readonly<Record<string, unknown>>;
}

export type ModelMessage =
  { role: 'user'; parts: readonly UserPart[] } | { role: 'assistant'; parts: readonly ModelPart[] };

export type UserPart =
  /** `stays`: it comes again in every later turn, so it is worth caching up to here. */
  | { kind: 'text'; text: string; stays?: boolean }
  | { kind: 'result'; call: string; text: string; isError: boolean };

export type ModelPart =
  | { kind: 'text'; text: string }
  /** `arguments` is what the model gave, not checked: text where it was no JSON. */
  | { kind: 'call'; call: string; tool: string; arguments: unknown }
  /** What only the adapter understands and wants back unchanged with the next turn. */
  | { kind: 'own'; value: unknown };

export interface ModelTurn {
  /** In the order in which the model gave them; they go back with the next request as they are. */
  parts: readonly ModelPart[];
  /** `length`: it was cut at the most tokens, so its last call may be incomplete. */
  stop: 'done' | 'tools' | 'length' | 'refused';
  usage: ModelUsage;
}

/** Tokens of one turn. */
export interface ModelUsage {
  /** Read afresh, without those of the cache. */
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** True where the API does not tell and the adapter counted. */
  isEstimate: boolean;
}
