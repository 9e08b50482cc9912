import { describe, expect, it } from 'vitest';

import { FakeClock } from './fakeClock';
import { FakeRuntime } from './fakeRuntime';
import { runLoad } from './load';
import { server } from './pools';

const minute = 60_000;

describe('the pool under load', () => {
  it('serves 500 requests of 50 incidents for 12 servers with a limit of 10, in order', async () => {
    const result = await load(60 * minute);
    expect(result).toMatchObject({ served: 500 });
    expect(result.refused).toEqual({});
    expect(result.mostWaiting).toBeGreaterThan(30);
  });

  it('refuses with a reason those who cannot wait', async () => {
    const result = await load(20_000);
    expect(Object.keys(result.refused)).toEqual(['pool-full']);
    expect(result.served).toBeGreaterThan(100);
  });
});

/** Each request works for 1 to 20 s of the clock's time. */
async function load(deadlineMs: number) {
  const clock = new FakeClock();
  const runtime = new FakeRuntime();
  const wait = (ms: number) => new Promise<void>((resolve) => clock.schedule(ms, resolve));
  let isOver = false;
  const run = runLoad({
    runtime,
    clock,
    request: server,
    deadlineMs,
    work: (_lease, _names, number) => wait(1_000 * (1 + ((number * 13) % 20))),
  });
  void run.catch(() => undefined).then(() => (isOver = true));
  while (!isOver) await clock.advance(1_000);
  return await run;
}
