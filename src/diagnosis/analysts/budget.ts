import type { Clock } from '../../base/clock';
import type { ChatModel, ModelRequest, ModelUsage } from './model';
import type { ModelBudget, ModelSpent } from './spent';

/** Of a request's text; too many rather than too few. */
const charactersOfToken = 3;
/** An answer shorter than this holds no verdict. */
const leastOutput = 512;
const mostOutput = 8_192;
const perToken = 1e-6;

/** What one diagnosis may still take of its model. */
export class Budget {
  private turns = 0;
  private tokens = 0;
  private dollars = 0;
  private readonly began: number;

  constructor(
    private readonly most: ModelBudget,
    private readonly model: Pick<ChatModel, 'prices' | 'label'>,
    private readonly clock: Clock,
  ) {
    this.began = clock.monotonic();
  }

  /** True when the next answer is the last that may be asked for. */
  get isLast(): boolean {
    return this.turns + 1 >= this.most.turns;
  }

  /**
   * Tokens that the next answer may have, so that it fits whatever it costs to ask; or why it may
   * not be asked for.
   */
  room(request: Pick<ModelRequest, 'system' | 'messages' | 'tools'>): number | string {
    if (this.turns >= this.most.turns) return `its ${this.most.turns} turns were used up`;
    const input = Math.ceil(JSON.stringify(request).length / charactersOfToken);
    const { prices } = this.model;
    const paid = prices
      ? (this.most.dollars -
          this.dollars -
          input * Math.max(prices.input, prices.cacheWrite) * perToken) /
        (prices.output * perToken)
      : mostOutput;
    if (paid < leastOutput) return `its budget of $${this.most.dollars} was used up`;
    const left = this.most.tokens - this.tokens - input;
    if (left < leastOutput) return `its budget of ${this.most.tokens} tokens was used up`;
    return Math.floor(Math.min(mostOutput, paid, left));
  }

  add({ input, output, cacheRead, cacheWrite }: ModelUsage): void {
    this.turns++;
    this.tokens += input + output + cacheRead + cacheWrite;
    const { prices } = this.model;
    if (!prices) return;
    this.dollars +=
      perToken *
      (input * prices.input +
        output * prices.output +
        cacheRead * prices.cacheRead +
        cacheWrite * prices.cacheWrite);
  }

  spent(doing: string): ModelSpent {
    return {
      model: this.model.label,
      doing,
      turns: this.turns,
      tokens: this.tokens,
      dollars: this.model.prices ? this.dollars : null,
      seconds: (this.clock.monotonic() - this.began) / 1000,
    };
  }
}
