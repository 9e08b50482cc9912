import { messageOf } from '../../src/base/errors';
import { Random } from './random';
import { troubles } from './troubles';
import { World } from './world';

export interface ChaosOptions {
  rounds: number;
  seed: number;
  /** No round is begun later than this. */
  mostMinutes: number;
  /** Names of the troubles; all unless told. */
  only?: readonly string[];
  say: (line: string) => void;
}

export interface ChaosResult {
  /** Rounds that were good. */
  rounds: number;
  /** How long the slowest clean-up took, in ms. */
  slowestMs: number;
}

/**
 * Makes trouble for a pool on a real engine, round after round, and sees after each that nothing is
 * left behind, that nothing of others was touched and that the pool serves.
 * @throws Error at the first round that was not good
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { rounds, seed, mostMinutes, say } = options;
  const names = options.only ?? Object.keys(troubles);
  const random = new Random(seed);
  const end = performance.now() + mostMinutes * 60_000;
  await using world = await World.open();
  let slowestMs = 0;
  let round = 0;
  let waiting: string[] = [];
  while (round < rounds && performance.now() < end) {
    round++;
    // Each comes once before one comes again.
    if (waiting.length === 0) waiting = [...names];
    const [name = ''] = waiting.splice(random.below(waiting.length), 1);
    const begin = performance.now();
    try {
      await troubles[name]?.(world, random);
      const cleanMs = await world.check();
      slowestMs = Math.max(slowestMs, cleanMs);
      say(
        `${round} ${name}: clean after ${seconds(cleanMs)}, ${seconds(performance.now() - begin)}`,
      );
    } catch (error) {
      const cause = error instanceof Error && error.cause ? ` ${messageOf(error.cause)}` : '';
      throw new Error(`Round ${round} of seed ${seed}, ${name}: ${messageOf(error)}${cause}`, {
        cause: error,
      });
    }
  }
  await world.close();
  return { rounds: round, slowestMs };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
