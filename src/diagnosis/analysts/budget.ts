import type { Clock } from '../../base/clock';
import type { ModelUse } from '../../incident/modelUse';
import type { ChatModel, ModelRequest, ModelUsage } from './model';
import type { ModelBudget, ModelSpent } from './spent';

/** Of a request in UTF-8, whatever its script: too many tokens rather than too few. */
const bytesOfToken = 2;
/** An answer shorter than this holds no verdict. */
const leastOutput = 512;
const mostOutput = 8_192;
const perToken = 1e-6;

type Asked = Pick<ModelRequest, 'system' | 'messages' | 'tools'>;
type Usage = Omit<ModelUsage, 'isEstimate'>;

const unused = { turns: 0, tokens: 0, dollars: 0, seconds: 0 };
const nothing: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** A service, or who stands before it, may say anything; and a request is never empty. */
function canBe({ input, output, cacheRead, cacheWrite }: Usage): boolean {
  const numbers: readonly unknown[] = [input, output, cacheRead, cacheWrite];
  return (
    numbers.every((each) => typeof each === 'number' && Number.isFinite(each) && each >= 0) &&
    input + cacheRead + cacheWrite > 0
  );
}

/** What one diagnosis may still take of its model. */
export class Budget {
  private turns: number;
  private tokens: number;
  private dollars: number;
  private readonly began: number;
  /** The most that the answer which is asked for can take. */
  private reserved: Usage = nothing;

  /** @param used what this consultation took before its process ended */
  constructor(
    private readonly most: ModelBudget,
    private readonly model: Pick<ChatModel, 'prices' | 'label'>,
    private readonly clock: Clock,
    used: Omit<ModelUse, 'ended' | 'model'> = unused,
  ) {
    this.turns = used.turns;
    this.tokens = used.tokens;
    this.dollars = used.dollars ?? 0;
    this.began = clock.monotonic() - used.seconds * 1000;
  }

  /** True when the next answer is the last that may be asked for. */
  get isLast(): boolean {
    return this.turns + 1 >= this.most.turns;
  }

  /**
   * Tokens that the next answer may have, so that it fits whatever it costs to ask; or why it may
   * not be asked for.
   */
  room(request: Asked): number | string {
    // Only what was taken before a crash can have used them up: this process is stopped in time.
    if (this.used().seconds >= this.most.seconds) {
      return `its ${this.most.seconds} seconds were used up`;
    }
    if (this.turns >= this.most.turns) return `its ${this.most.turns} turns were used up`;
    const input = Math.ceil(Buffer.byteLength(JSON.stringify(request)) / bytesOfToken);
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
    const output = Math.floor(Math.min(mostOutput, paid, left));
    this.reserved = { ...nothing, input, output };
    return output;
  }

  /** Counts an answer; one whose numbers cannot be counts as the most that it could take. */
  add(usage: ModelUsage): void {
    this.count(canBe(usage) ? usage : this.reserved);
  }

  /**
   * Counts an answer that was cut, as the most that it could take, since nobody tells what it took.
   * True when the same request may be made again.
   */
  cut(request: Asked): boolean {
    const { output } = this.reserved;
    this.count(this.reserved);
    const room = this.room(request);
    return typeof room === 'number' && room >= output;
  }

  private count({ input, output, cacheRead, cacheWrite }: Usage): void {
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
    return { ...this.used(), doing };
  }

  used(): Omit<ModelUse, 'ended'> {
    return {
      model: this.model.label,
      turns: this.turns,
      tokens: this.tokens,
      dollars: this.model.prices ? this.dollars : null,
      seconds: (this.clock.monotonic() - this.began) / 1000,
    };
  }
}
