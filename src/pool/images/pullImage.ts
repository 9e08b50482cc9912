import { withDeadline } from '../../base/deadline';
import { WarRoomError, messageOf } from '../../base/errors';
import type { Engine } from '../engine/connect';
import { follow } from './engineImages';

const pullMs = 10 * 60_000;
/** An engine without a way to its registry may try for long without a word. */
const mostSilenceMs = 45_000;

/**
 * Has the engine pull an image, with the engine's own settings for registries and proxies.
 * @param reference with a tag or a digest
 * @throws code `image-failed` with what to do; `engine-unavailable`, `cancelled`
 */
export async function pullImage(
  engine: Engine,
  reference: string,
  signal: AbortSignal,
  onProgress: (sentence: string) => void = () => undefined,
  silenceMs = mostSilenceMs,
): Promise<void> {
  const query = new URLSearchParams({ fromImage: reference });
  if (!/@|:[^/]*$/.test(reference)) query.set('tag', 'latest');
  const request = { method: 'POST', path: `/images/create?${query.toString()}` } as const;
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error('it did not answer')), silenceMs);
  };
  const progress = new PullProgress(reference, onProgress);
  try {
    await withDeadline(`Pulling ${reference}`, pullMs, signal, (within) => {
      heard();
      const end = AbortSignal.any([within, silence.signal]);
      return follow(engine, request, end, (line) => {
        heard();
        progress.take(line.id, line.progressDetail);
      });
    });
  } catch (error) {
    if (WarRoomError.is(error, 'cancelled') || WarRoomError.is(error, 'engine-unavailable')) {
      throw error;
    }
    throw new WarRoomError(
      'image-failed',
      `The image ${reference} could not be pulled (${reasonOf(error)}): run \`docker pull ${reference}\` to see why, sign in where that is needed, and try again.`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return messageOf(cause).replace(/[.\s]+$/, '');
}

/** Tells the megabytes of all layers together, at most once a second. */
class PullProgress {
  private readonly layers = new Map<string, { current: number; total: number }>();
  private toldAt = -Infinity;

  constructor(
    private readonly reference: string,
    private readonly tell: (sentence: string) => void,
  ) {}

  take(layer: string | undefined, detail: { current?: number; total?: number } | undefined): void {
    if (layer === undefined || detail?.current === undefined || detail.total === undefined) return;
    this.layers.set(layer, { current: detail.current, total: detail.total });
    const now = performance.now();
    if (now - this.toldAt < 1_000) return;
    this.toldAt = now;
    const all = [...this.layers.values()];
    const mebibytes = (of: 'current' | 'total') =>
      Math.round(all.reduce((sum, each) => sum + each[of], 0) / 2 ** 20);
    this.tell(`Pulling ${this.reference}: ${mebibytes('current')} of ${mebibytes('total')} MiB`);
  }
}
