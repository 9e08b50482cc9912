import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { mostPasses, nextStep } from '../../../src/pool/queue';
import type { Place, Waiter } from '../../../src/pool/queue';

function place(
  key: string,
  state: 'idle' | 'leased' | 'stopping',
  { idleSince = 0, worth = 1 } = {},
): Place<string> {
  return {
    isLeaving: state === 'stopping',
    isFree: state === 'idle',
    idleSince,
    worth,
    suits: (wish) => state !== 'stopping' && wish === key,
  };
}

function waiter(wishes: readonly string[], passed = 0): Waiter<string> {
  return { wishes, passed };
}

describe('the queue', () => {
  it('gives the oldest the room that is left', () => {
    const [oldest, younger] = [waiter(['a']), waiter(['b'])];
    expect(nextStep([oldest, younger], [], 1)).toEqual({ kind: 'serve', waiter: oldest });
  });

  it('gives a running server to the oldest that it fits', () => {
    const [oldest, second, third] = [waiter(['b']), waiter(['a']), waiter(['a'])];
    const step = nextStep([oldest, second, third], [place('a', 'leased')], 1);
    expect(step).toEqual({ kind: 'serve', waiter: second });
  });

  it('evicts the server that is idle longest when the oldest needs another', () => {
    const places = [
      place('a', 'idle', { idleSince: 50 }),
      place('b', 'idle', { idleSince: 20 }),
      place('c', 'leased'),
    ];
    expect(nextStep([waiter(['d'])], places, 3)).toEqual({ kind: 'evict', place: places[1] });
  });

  it('evicts what is of less worth before what is idle longer', () => {
    const places = [
      place('a', 'idle', { idleSince: 10 }),
      place('b', 'idle', { idleSince: 20, worth: 0 }),
    ];
    expect(nextStep([waiter(['c'])], places, 2)).toEqual({ kind: 'evict', place: places[1] });
  });

  it('evicts what is above a limit that was lowered, also when nobody waits', () => {
    const places = [place('a', 'leased'), place('b', 'idle'), place('c', 'leased')];
    expect(nextStep([], places, 2)).toEqual({ kind: 'evict', place: places[1] });
    expect(nextStep([], [place('a', 'stopping'), ...places.slice(1)], 2)).toBeNull();
    expect(nextStep([], [place('a', 'leased'), place('c', 'leased')], 1)).toBeNull();
  });

  it('never evicts what the oldest itself wants', () => {
    const places = [place('a', 'idle', { idleSince: 10 }), place('b', 'idle', { idleSince: 20 })];
    expect(nextStep([waiter(['a', 'c'])], places, 2)).toEqual({ kind: 'evict', place: places[1] });
  });

  it('waits for a stop that is under way instead of evicting one more', () => {
    const places = [place('a', 'stopping'), place('b', 'idle')];
    expect(nextStep([waiter(['c'])], places, 2)).toBeNull();
  });

  it('evicts nothing while that would not make room enough', () => {
    const places = [place('a', 'idle'), place('b', 'leased')];
    expect(nextStep([waiter(['c', 'd'])], places, 2)).toBeNull();
  });

  it('keeps free room for the oldest', () => {
    const places = [place('a', 'leased')];
    expect(nextStep([waiter(['b', 'c']), waiter(['d'])], places, 2)).toBeNull();
  });

  it('lets nobody be passed more often than allowed', () => {
    const places = [place('a', 'leased')];
    const younger = waiter(['a']);
    expect(nextStep([waiter(['b'], mostPasses - 1), younger], places, 1)).toEqual({
      kind: 'serve',
      waiter: younger,
    });
    expect(nextStep([waiter(['b'], mostPasses), younger], places, 1)).toBeNull();
  });

  it('passes nobody more often than allowed, whatever is asked for', () => {
    const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 40 }), (wishes) => {
        // `a` and `b` are leased for ever, so who wants more can only be passed.
        const places = [place('a', 'leased'), place('b', 'leased')];
        const waiting = wishes.map((wish) => waiter(wish));
        for (let step = nextStep(waiting, places, 2); step; step = nextStep(waiting, places, 2)) {
          if (step.kind === 'evict') throw new Error('a leased server was evicted');
          const position = waiting.indexOf(step.waiter);
          for (const older of waiting.slice(0, position)) older.passed++;
          waiting.splice(position, 1);
        }
        for (const { passed } of waiting) expect(passed).toBeLessThanOrEqual(mostPasses);
      }),
    );
  });
});
