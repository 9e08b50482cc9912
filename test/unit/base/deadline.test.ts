import { afterEach, describe, expect, it, vi } from 'vitest';

import { settled, withDeadline } from '../../../src/base/deadline';

afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => undefined);

describe('withDeadline', () => {
  it('gives what the work gives, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    await expect(withDeadline('It', 1_000, undefined, () => Promise.resolve(7))).resolves.toBe(7);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends work that does not listen, and tells work that does', async () => {
    vi.useFakeTimers();
    let told: unknown;
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        told = signal.reason;
      });
      return never();
    };
    const ended = expect(withDeadline('Reading', 2_000, undefined, work)).rejects.toMatchObject({
      code: 'deadline',
      message: 'Reading took longer than 2 s and was stopped.',
    });
    await vi.advanceTimersByTimeAsync(2_000);
    await ended;
    expect(told).toMatchObject({ code: 'deadline' });
  });

  it('ends when its parent is cancelled, also before it began', async () => {
    const stop = new AbortController();
    const waiting = withDeadline('Reading', 60_000, stop.signal, never);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    const work = vi.fn(never);
    await expect(withDeadline('Reading', 60_000, stop.signal, work)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(work).not.toHaveBeenCalled();
  });
});

describe('settled', () => {
  it('waits for the end of work, good or bad, and not longer than told', async () => {
    vi.useFakeTimers();
    await settled(Promise.reject(new Error('broke')), 1_000);
    await settled(undefined, 1_000);
    expect(vi.getTimerCount()).toBe(0);
    const late = settled(never(), 1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await late;
  });
});
