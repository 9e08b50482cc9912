/** How often a request may be overtaken by younger ones. */
export const mostPasses = 10;

/** A request for several servers at once, in the order of age in its list. */
export interface Waiter {
  /** Keys of the servers that it wants, each once. */
  readonly keys: readonly string[];
  /** How often a younger request was served before it. */
  passed: number;
}

/** What the queue sees of a place in the pool. */
export interface Place {
  readonly key: string;
  readonly state: 'starting' | 'idle' | 'leased' | 'stopping';
  readonly idleSince: number;
  /** True if another lease may share it. */
  readonly isOpen: boolean;
}

export type Step<W extends Waiter, P extends Place> =
  { kind: 'serve'; waiter: W } | { kind: 'evict'; place: P };

/**
 * What to do next, or null when all must wait. The oldest request gets new servers, and has room
 * made for it; a younger one may overtake it only with servers that run already, and only while
 * nobody before it was overtaken {@link mostPasses} times. A younger one never takes free room:
 * the oldest may need it.
 */
export function nextStep<W extends Waiter, P extends Place>(
  waiting: readonly W[],
  places: readonly P[],
  limit: number,
): Step<W, P> | null {
  for (const [position, waiter] of waiting.entries()) {
    const missing = missingKeys(waiter, places);
    if (missing === 0) return { kind: 'serve', waiter };
    if (position === 0) {
      if (missing <= limit - places.length) return { kind: 'serve', waiter };
      const place = placeToEvict(waiter, missing, places, limit);
      if (place) return { kind: 'evict', place };
    }
    if (waiter.passed >= mostPasses) return null;
  }
  return null;
}

function missingKeys(waiter: Waiter, places: readonly Place[]): number {
  return waiter.keys.filter((key) => !places.some((place) => place.isOpen && place.key === key))
    .length;
}

/** The oldest idle place, if emptying idle ones can make room enough and those that leave do not. */
function placeToEvict<P extends Place>(
  waiter: Waiter,
  missing: number,
  places: readonly P[],
  limit: number,
): P | undefined {
  const leaving = places.filter((place) => place.state === 'stopping').length;
  const lacking = missing - (limit - places.length) - leaving;
  const idle = places
    .filter((place) => place.state === 'idle' && !(place.isOpen && waiter.keys.includes(place.key)))
    .sort((a, b) => a.idleSince - b.idleSince);
  return lacking > 0 && lacking <= idle.length ? idle[0] : undefined;
}
