import { describe, it } from 'vitest';

import { checkInvariants } from '../../unit/pool/invariants';
import { need } from '../mcp/prerequisite';
import { benchOn, dockerGround, processGround } from './grounds';
import type { Ground } from './grounds';

const engine = process.env['DOCKER_HOST'];

describe('the pool under any interleaving', { timeout: 600_000 }, () => {
  it('keeps its invariants over real processes', async () => {
    await using ground = processGround();
    await tryOn(ground, 6);
  });

  it('keeps its invariants over real containers', async (context) => {
    need(context, engine ? null : 'DOCKER_HOST is not set');
    await using ground = await dockerGround(engine ?? '');
    await tryOn(ground, 3);
  });
});

async function tryOn(ground: Ground, runs: number): Promise<void> {
  await checkInvariants(() => benchOn(ground), { runs, steps: 40, isControlled: false });
}
