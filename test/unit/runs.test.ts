import { describe, expect, it } from 'vitest';

import { Runs } from '../../src/runs';

/** Runs whose incidents are over as told. */
function world() {
  const over: string[] = [];
  const runs = new Runs((id) => Promise.resolve(void over.push(id)));
  const begin = (id: string) => {
    const cancel = new AbortController();
    runs.join(id, cancel);
    return cancel;
  };
  return { runs, over, begin };
}

describe('An incident that is diagnosed twice at once', () => {
  it('is over when its last run has ended', async () => {
    const { runs, over, begin } = world();
    const [first, second, other] = [begin('a'), begin('a'), begin('b')];
    await runs.leave('a', second);
    expect(over).toEqual([]);
    await runs.leave('b', other);
    await runs.leave('a', first);
    expect(over).toEqual(['b', 'a']);
  });

  it('is cancelled as a whole, also when a run of it has left already', async () => {
    const { runs, begin } = world();
    const [first, second, third, other] = [begin('a'), begin('a'), begin('a'), begin('b')];
    await runs.leave('a', third);
    runs.cancel('a');
    const aborted = [first, second, third, other].map(({ signal }) => signal.aborted);
    expect(aborted).toEqual([true, true, false, false]);
  });
});
