import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import { MadeOnce } from '../../../src/base/madeOnce';

const never = new AbortController().signal;

/** Something that is made by hand, and how often that was begun. */
function world(deadlineMs = 60_000) {
  const life = new AbortController();
  const begun: { finish: (value: string) => void; fail: (error: Error) => void }[] = [];
  const thing = new MadeOnce<string>({
    what: 'Making it',
    deadlineMs,
    life: life.signal,
    make: () => new Promise((finish, fail) => begun.push({ finish, fail })),
  });
  return { thing, life, begun };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(String, (error: unknown) => (WarRoomError.is(error) ? error.code : String(error)));

describe('What is made once', () => {
  it('is made for the others when the one that asked first stops waiting', async () => {
    const { thing, begun } = world();
    const person = new AbortController();
    const first = codeOf(thing.get(person.signal));
    const second = thing.get(never);
    person.abort();
    expect(await first).toBe('cancelled');
    begun[0]?.finish('made');
    expect(await second).toBe('made');
    expect(await thing.get(never)).toBe('made');
    expect(begun).toHaveLength(1);
  });

  it.each(['cancelled', 'engine-unavailable'] as const)(
    'is made anew after it failed as %s',
    async (code) => {
      const { thing, begun } = world();
      const first = codeOf(thing.get(never));
      begun[0]?.fail(new WarRoomError(code, 'It was not made.'));
      expect(await first).toBe(code);
      expect(await thing.known()).toBeNull();
      const second = thing.get(never);
      begun[1]?.finish('made');
      expect(await second).toBe('made');
    },
  );

  it('is made anew after its deadline, and when it is forgotten', async () => {
    const { thing, begun } = world(20);
    expect(await codeOf(thing.get(never))).toBe('deadline');
    const second = thing.get(never);
    begun[1]?.finish('made');
    expect(await second).toBe('made');
    expect(await thing.known()).toBe('made');
    thing.forget();
    void codeOf(thing.get(never));
    expect(begun).toHaveLength(3);
  });

  it('ends with its owner', async () => {
    const { thing, life } = world();
    const waiting = codeOf(thing.get(never));
    life.abort();
    expect(await waiting).toBe('cancelled');
  });
});
