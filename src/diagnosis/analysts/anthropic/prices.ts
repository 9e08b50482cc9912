import type { ModelPrices } from '../model';

const asOf = '2026-11-21';

/**
 * List prices of Anthropic's models, US dollars for a million tokens, caches of five minutes. Where
 * a price depends on the length of the prompt the higher one stands, since a budget must hold.
 */
const prices: Readonly<Record<string, ModelPrices>> = {
  'claude-fable-5': { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5, asOf },
  'claude-mythos-5': { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5, asOf },
  'claude-opus-5-5': { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5, asOf },
  'claude-opus-5': { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25, asOf },
  'claude-opus-4': { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25, asOf },
  'claude-sonnet-5': { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5, asOf },
  'claude-sonnet-4': { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, asOf },
  'claude-haiku-5-5': { input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625, asOf },
  'claude-haiku-4-5': { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25, asOf },
};

/** Prices of a model, by the longest name that its own begins with; null where none is known. */
export function pricesOf(model: string): ModelPrices | null {
  const [name] = Object.keys(prices)
    .filter((known) => model === known || model.startsWith(`${known}-`))
    .sort((one, other) => other.length - one.length);
  return name === undefined ? null : (prices[name] ?? null);
}
