import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { silentLog } from '../../../src/base/log';
import { McpClient } from '../../../src/pool/client';
import type { ServerImage } from '../../../src/pool/images/serverImage';
import type { Runtime } from '../../../src/pool/runtime';
import { openPool } from '../../../src/pool/share/openPool';
import { engineAt } from '../../harness/engine';
import { temporaryFolder } from '../../harness/temporary';
import { usualLimits } from '../../integration/pool/requests';
import { leaseRequest, memoryServer, options, ourRuntime, poolOver, tool } from './benchWorld';

const rounds = 500;

/** Milliseconds of each round. */
export interface WarmTimes {
  direct: number[];
  own: number[];
  far: number[];
  reuse: number[];
}

/**
 * Calls of a server that is there, through nothing, our pool and another window's, and leases of
 * it. A program of its own, since it is measured as the bundler makes it, like what users run: tsx
 * names every closure at every call.
 */
async function main(owner: string, image: ServerImage): Promise<void> {
  await using folder = await temporaryFolder('bench');
  const engine = await engineAt(process.env['DOCKER_HOST'] ?? '');
  const ours = () => ourRuntime(engine, image, owner);
  const direct = await directClient(ours());
  const pool = poolOver(ours());
  const args = [join(__dirname, 'otherWindow.js'), folder.path, owner, JSON.stringify(image)];
  const window = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(window.stdout, 'data');
  const far = openPool({
    place: { folder: folder.path, engineKey: 'bench' },
    follow: false,
    limits: () => usualLimits,
    log: silentLog,
    makePool: () => Promise.reject(new Error('the other window is the pool')),
  });
  const leases = {
    own: await pool.lease(leaseRequest, options),
    far: await far.lease(leaseRequest, options),
  };
  const times = await inTurn({
    // The SDK listens to each signal for ever.
    direct: () => direct.client.call(tool, {}, new AbortController().signal),
    own: () => leases.own.call('memory', tool, {}, options),
    far: () => leases.far.call('memory', tool, {}, options),
  });
  leases.own.release();
  leases.far.release();
  const lease = async () => (await pool.lease(leaseRequest, options)).release();
  const { reuse } = await inTurn({ reuse: lease });
  window.stdin.end();
  await Promise.all([direct.stop(), pool.dispose(), far.dispose(), once(window, 'exit')]);
  process.stdout.write(JSON.stringify({ ...times, reuse } satisfies WarmTimes));
}

async function directClient(runtime: Runtime) {
  const { spec, environment } = memoryServer;
  const request = { spec, environment, onErrorLine: () => undefined };
  const soon = () => AbortSignal.timeout(60_000);
  const program = await runtime.start(request, soon());
  const client = new McpClient();
  await client.connect(program.input, program.output, () => undefined, soon());
  await program.greeted(soon());
  return { client, stop: () => program.stop() };
}

/** So that a moment in which the machine is busy falls on all ways alike. */
async function inTurn<Name extends string>(
  ways: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(ways) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const begin = performance.now();
      await ways[name]();
      taken[name].push(performance.now() - begin);
    }
  }
  return taken;
}

const [owner = '', image = ''] = process.argv.slice(2);
void main(owner, JSON.parse(image) as ServerImage);
