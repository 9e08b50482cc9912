import { setTimeout as sleep } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { systemClock } from '../../../src/base/clock';
import { runLoad } from '../../unit/pool/load';
import { processGround } from './grounds';

it('serves 500 requests of 50 incidents with real processes, never more than 10', async () => {
  await using ground = processGround();
  const result = await runLoad({
    runtime: ground.runtime(),
    clock: systemClock,
    request: (name) => ground.request(name, 'none'),
    deadlineMs: 5 * 60_000,
    work: async (lease, names, number) => {
      const options = { deadlineMs: 60_000, signal: new AbortController().signal };
      const calls = names.map((name) => lease.call(name, 'get_it', {}, options));
      const answers = await Promise.all(calls);
      expect(answers.map(({ isError }) => isError)).not.toContain(true);
      await sleep(1 + (number % 10));
    },
  });
  expect(result).toMatchObject({ served: 500, refused: {} });
  expect(await ground.left()).toEqual([]);
}, 300_000);
