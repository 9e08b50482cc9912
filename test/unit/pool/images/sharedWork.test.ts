import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../../src/base/errors';
import { SharedWork } from '../../../../src/pool/images/sharedWork';

const never = () => new AbortController().signal;
const silent = () => undefined;

/** Work that can be finished from outside, and that says whether it was cancelled. */
function controlled() {
  let finish: (result: string) => void = () => undefined;
  let begun = 0;
  const signals: AbortSignal[] = [];
  const work = (signal: AbortSignal, tell: (sentence: string) => void) => {
    begun += 1;
    signals.push(signal);
    tell('begun');
    return new Promise<string>((resolve, reject) => {
      finish = resolve;
      signal.addEventListener('abort', () => reject(new Error('cancelled')));
    });
  };
  return { work, signals, finish: (result: string) => finish(result), begun: () => begun };
}

describe('work that several ask for', () => {
  it('is done once, and all hear how it goes', async () => {
    const shared = new SharedWork<string>();
    const { work, finish, begun } = controlled();
    const heard: string[] = [];
    const asks = [1, 2, 3].map((each) =>
      shared.run('same', never(), (sentence) => heard.push(`${each} ${sentence}`), work),
    );
    await sleep(1);
    const late = shared.run('same', never(), (sentence) => heard.push(`4 ${sentence}`), work);
    finish('done');
    expect(await Promise.all([...asks, late])).toEqual(['done', 'done', 'done', 'done']);
    expect(begun()).toBe(1);
    expect(heard.sort()).toEqual(['1 begun', '2 begun', '3 begun', '4 begun']);
  });

  it('goes on while somebody wants it', async () => {
    const shared = new SharedWork<string>();
    const { work, finish, signals } = controlled();
    const impatient = new AbortController();
    const given = shared.run('same', impatient.signal, silent, work);
    const patient = shared.run('same', never(), silent, work);
    await sleep(1);
    impatient.abort();
    await expect(given).rejects.toSatisfy((error) => WarRoomError.is(error, 'cancelled'));
    expect(signals[0]?.aborted).toBe(false);
    finish('done');
    expect(await patient).toBe('done');
  });

  it('is cancelled when nobody wants it, and begun anew for the next', async () => {
    const shared = new SharedWork<string>();
    const { work, finish, signals, begun } = controlled();
    const impatient = new AbortController();
    const given = shared.run('same', impatient.signal, silent, work);
    await sleep(1);
    impatient.abort();
    await expect(given).rejects.toThrow('cancelled');
    expect(signals[0]?.aborted).toBe(true);
    const next = shared.run('same', never(), silent, work);
    await sleep(1);
    finish('anew');
    expect(await next).toBe('anew');
    expect(begun()).toBe(2);
  });

  it('is not kept when it failed', async () => {
    const shared = new SharedWork<string>();
    const fail = () => Promise.reject(new Error('broken'));
    await expect(shared.run('same', never(), silent, fail)).rejects.toThrow('broken');
    expect(await shared.run('same', never(), silent, () => Promise.resolve('good'))).toBe('good');
  });

  it('ends with its owner', async () => {
    const shared = new SharedWork<string>();
    const { work, signals } = controlled();
    const given = shared.run('same', never(), silent, work);
    const outcome = given.catch(() => 'ended');
    await sleep(1);
    await shared.dispose();
    expect(signals[0]?.aborted).toBe(true);
    expect(await outcome).toBe('ended');
  });

  it('waits at its end also for what was cancelled before', async () => {
    const shared = new SharedWork<string>();
    let isOver = false;
    const slow = async (signal: AbortSignal) => {
      while (!signal.aborted) await sleep(1);
      await sleep(20);
      isOver = true;
      return 'too late';
    };
    const cancel = new AbortController();
    const given = shared.run('same', cancel.signal, silent, slow);
    cancel.abort();
    await expect(given).rejects.toThrow('cancelled');
    await shared.dispose();
    expect(isOver).toBe(true);
  });
});
