import { dollarsText, type ModelUse } from '../../incident/modelUse';

/** Most that one diagnosis may take of a model. */
export interface ModelBudget {
  /** Answers of the model. */
  turns: number;
  /** In and out together. */
  tokens: number;
  seconds: number;
  /** US dollars; counts where the model's prices are known. */
  dollars: number;
}

/** What a diagnosis took of a model so far. */
export interface ModelSpent extends Omit<ModelUse, 'ended'> {
  /** What it does now, in a few words. */
  doing: string;
}

/** What was spent, in one line: `Claude: asks kubectl/get_events (turn 2, 8400 tokens, $0.03, 12 s)`. */
export function spentText({ model, doing, turns, tokens, dollars, seconds }: ModelSpent): string {
  const cost = dollars === null ? '' : `, ${dollarsText(dollars)}`;
  return `${model}: ${doing} (turn ${turns}, ${tokens} tokens${cost}, ${Math.round(seconds)} s)`;
}
