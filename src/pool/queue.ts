/** How often a request may be overtaken by younger ones. */
export const mostPasses = 10;

/** A request for several servers at once, in the order of age in its list. `W` is one server's. */
export interface Waiter<W> {
  readonly wishes: readonly W[];
  /** How often a younger request was served before it. */
  passed: number;
}

/** What the queue sees of a place in the pool. */
export interface Place<W> {
  /** Its server is being stopped, and the place will be free. */
  readonly isLeaving: boolean;
  /** Nobody holds it, and it is not leaving. */
  readonly isFree: boolean;
  /** Those with a lower one are evicted first. */
  readonly worth: number;
  readonly idleSince: number;
  /** True if it may be given to who wishes this. */
  suits(wish: W): boolean;
}

export type Step<R, P> = { kind: 'serve'; waiter: R } | { kind: 'evict'; place: P };

/**
 * What to do next, or null when all must wait. The oldest request gets new servers, and has room
 * made for it; a younger one may overtake it only with servers that run already, and only while
 * nobody before it was overtaken {@link mostPasses} times. A younger one never takes free room:
 * the oldest may need it. Above the limit, which may have been lowered, what is free goes.
 */
export function nextStep<W, R extends Waiter<W>, P extends Place<W>>(
  waiting: readonly R[],
  places: readonly P[],
  limit: number,
): Step<R, P> | null {
  const surplus = firstToGo(places, places.length - leaving(places) - limit);
  if (surplus) return { kind: 'evict', place: surplus };
  for (const [position, waiter] of waiting.entries()) {
    const missing = missingServers(waiter.wishes, places);
    if (missing === 0) return { kind: 'serve', waiter };
    if (position === 0) {
      const room = limit - places.length;
      if (missing <= room) return { kind: 'serve', waiter };
      const others = places.filter((place) => !waiter.wishes.some((wish) => place.suits(wish)));
      const lacking = missing - room - leaving(places);
      const place = canMakeRoom(others, lacking) ? firstToGo(others, lacking) : undefined;
      if (place) return { kind: 'evict', place };
    }
    if (waiter.passed >= mostPasses) return null;
  }
  return null;
}

function missingServers<W>(wishes: readonly W[], places: readonly Place<W>[]): number {
  return wishes.filter((wish) => !places.some((place) => place.suits(wish))).length;
}

function leaving(places: readonly Place<never>[]): number {
  return places.filter((place) => place.isLeaving).length;
}

/** Emptying one place helps nobody unless as many can be emptied as are lacking. */
function canMakeRoom(places: readonly Place<never>[], lacking: number): boolean {
  return places.filter((place) => place.isFree).length >= lacking;
}

function firstToGo<P extends Place<never>>(places: readonly P[], lacking: number): P | undefined {
  if (lacking <= 0) return undefined;
  return places.filter((place) => place.isFree).sort(byWorth)[0];
}

/** What is of least worth first; among equals, what is idle longest. */
export function byWorth<P extends Pick<Place<never>, 'worth' | 'idleSince'>>(a: P, b: P): number {
  return a.worth - b.worth || a.idleSince - b.idleSince;
}
