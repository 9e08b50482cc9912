/** What one consultation of a language model took. */
export interface ModelUse {
  /** Label of the model. */
  model: string;
  /** Answers of the model. */
  turns: number;
  /** In and out together. */
  tokens: number;
  seconds: number;
  /** US dollars; null where the prices are not known. */
  dollars: number | null;
  /** False while it is asked: a run that goes on after a crash has only what is left of the budget. */
  ended: boolean;
}

/** The uses where the last one has ended: whoever asks again has the whole budget. */
export function endedUses(uses: readonly ModelUse[]): ModelUse[] {
  return uses.map((use) => ({ ...use, ended: true }));
}

/** The uses with this one in place of the one that has not ended, or behind all. */
export function withUse(uses: readonly ModelUse[] | undefined, use: ModelUse): ModelUse[] {
  const before = uses ?? [];
  return [...(before.at(-1)?.ended === false ? before.slice(0, -1) : before), use];
}

/** All of an incident in one line: `Claude, 3 turns, 8,400 tokens, $0.03, 12 s`; null without any. */
export function modelUseText(uses: readonly ModelUse[] | undefined): string | null {
  if (!uses || uses.length === 0) return null;
  const sum = (of: (use: ModelUse) => number) => uses.reduce((all, use) => all + of(use), 0);
  const turns = sum((use) => use.turns);
  const known = uses.every(({ dollars }) => dollars !== null);
  return [
    [...new Set(uses.map(({ model }) => model))].join(', '),
    `${turns} ${turns === 1 ? 'turn' : 'turns'}`,
    `${sum((use) => use.tokens).toLocaleString('en')} tokens`,
    ...(known ? [dollarsText(sum((use) => use.dollars ?? 0))] : []),
    `${Math.round(sum((use) => use.seconds))} s`,
  ].join(', ');
}

/** `$0.031`, `$1.20`. */
export function dollarsText(dollars: number): string {
  return `$${dollars.toFixed(dollars < 0.1 ? 3 : 2)}`;
}
