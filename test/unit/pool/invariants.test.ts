import { describe, it } from 'vitest';

import type { ServerProgram } from '../../../src/pool/runtime';
import { settled } from './fakeClock';
import { FakeProgram, FakeRuntime } from './fakeRuntime';
import { checkInvariants } from './invariants';
import type { Bench } from './invariants';
import { server } from './pools';

describe('the pool under any interleaving', () => {
  it('keeps its invariants', async () => {
    await checkInvariants(fakeBench, { runs: 50, steps: 60, isControlled: true });
  }, 240_000);
});

/** Starts and stops end when the run says so. */
function fakeBench(): Bench {
  const runtime = new FakeRuntime();
  runtime.startsByItself = false;
  runtime.stopsByItself = false;
  const nth = <T>(things: readonly T[], pick: number) => things[pick % things.length];
  return {
    runtime,
    request: (name, state) => server(name, { state }),
    kill: (program: ServerProgram) => {
      if (program instanceof FakeProgram) program.die();
    },
    control: {
      start: (pick) => nth(runtime.pending, pick)?.succeed(),
      startFails: (pick) => nth(runtime.pending, pick)?.fail(),
      stopEnds: (pick) =>
        nth(
          [...runtime.live].filter(({ stops }) => stops > 0),
          pick,
        )?.finishStop(),
    },
    letGo: () => {
      runtime.startsByItself = true;
      runtime.stopsByItself = true;
      for (const start of runtime.pending) start.succeed();
      for (const program of runtime.live) program.finishStop();
    },
    settle: settled,
    left: () => Promise.resolve([...runtime.live].map(({ name }) => name)),
  };
}
