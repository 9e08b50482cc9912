import { beforeEach, expect, it } from 'vitest';

import { runChaos } from '../../../chaos/chaos';
import { missingDockerd } from '../../../harness/engine';
import { need } from '../../mcp/prerequisite';

beforeEach((context) => need(context, missingDockerd()));

it(
  'leaves nothing behind in twelve different troubles',
  { timeout: 900_000, retry: 0 },
  async () => {
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    const { rounds } = await runChaos({ rounds: 12, seed: 4, mostMinutes: 14, say });
    expect(said).toHaveLength(12);
    expect(rounds).toBe(12);
  },
);
