import { describe, expect, it } from 'vitest';
import { Gate } from '../../../src/diagnosis/gate';

const never = new AbortController().signal;

/** Work that ends when told to. */
function held() {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { done, finish };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Gate', () => {
  it('lets three in and keeps the rest in order, persons first', async () => {
    const gate = new Gate(() => 3);
    const order: string[] = [];
    const works = ['a', 'b', 'c', 'watched', 'd', 'e'].map((name) => {
      const work = held();
      const passing = gate.pass({ first: name !== 'watched', signal: never }, async () => {
        order.push(name);
        await work.done;
      });
      return { ...work, passing };
    });
    await settled();
    expect(order).toEqual(['a', 'b', 'c']);
    for (const work of works) {
      work.finish();
      await work.passing.catch(() => undefined);
      await settled();
    }
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e', 'watched']);
  });

  it('forgets who was cancelled while waiting, and makes room after a failure', async () => {
    const gate = new Gate(() => 1);
    const first = held();
    const passing = gate.pass({ first: true, signal: never }, async () => {
      await first.done;
      throw new Error('broke');
    });
    const stop = new AbortController();
    const waiting = gate.pass({ first: true, signal: stop.signal }, () => Promise.resolve('in'));
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    first.finish();
    await expect(passing).rejects.toThrow('broke');
    await expect(
      gate.pass({ first: true, signal: never }, () => Promise.resolve('in')),
    ).resolves.toBe('in');
  });
});
