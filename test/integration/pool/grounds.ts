import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Runtime } from '../../../src/pool/runtime';
import { processRuntime } from '../../../src/pool/runtimes/process';
import type { ServerRequest } from '../../../src/pool/serverSpec';
import { projectRoot } from '../../harness/paths';
import type { Bench } from '../../unit/pool/invariants';
import { DockerWorld } from './docker/world';
import { scriptRequest } from './requests';

const tinyServer = join(projectRoot, 'test', 'fixtures', 'tinyServer', 'server.js');
/** In turn, so that some steps come while programs start and some when they run. */
const pausesMs = [5, 40, 300];

/** Where real programs can be started for a test of the pool. */
export interface Ground extends AsyncDisposable {
  runtime(): Runtime;
  /** The tiny server under any name. */
  request(name: string, state: 'none' | 'session', args?: readonly string[]): ServerRequest;
  kill: Bench['kill'];
  /** What is there of the programs that its runtimes started. */
  left(): Promise<readonly string[]>;
}

/** Programs as child processes. */
export function processGround(): Ground {
  const started: number[] = [];
  return {
    runtime: () => {
      const inner = processRuntime({ graceMs: 300 });
      const start: Runtime['start'] = async (request, signal) => {
        const program = await inner.start(request, signal);
        started.push(Number(program.id));
        return program;
      };
      return { ...inner, start };
    },
    request: (name, state, args = []) => {
      const { spec, ...rest } = scriptRequest(name, tinyServer);
      return { ...rest, spec: { ...spec, state, args: [...args, `--name=${name}`] } };
    },
    kill: ({ id }) => process.kill(Number(id), 'SIGKILL'),
    left: () => Promise.resolve(started.filter(isAlive).map(String)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Programs in containers of the engine at `host`. */
export async function dockerGround(host: string): Promise<Ground> {
  const world = await DockerWorld.open(host, { [tinyServer]: '/tiny.js' });
  const images = world.images(['node', '/tiny.js']);
  return {
    runtime: () => world.runtime({ images }),
    request: (name, state, args = []) => ({
      spec: {
        name,
        program: { kind: 'oci', image: world.image },
        args: [...args, `--name=${name}`],
        environment: [],
        state,
        hosts: [],
      },
      environment: {},
      place: null,
      runtime: 'auto',
    }),
    kill: ({ id }) =>
      void world.engine.client
        .getContainer(id)
        .kill()
        .catch(() => undefined),
    left: () => world.containers(),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** For the suite of invariants. */
export function benchOn(ground: Ground): Bench {
  let step = 0;
  return {
    runtime: ground.runtime(),
    request: (name, state) => ground.request(name, state),
    kill: ground.kill,
    settle: () => sleep(pausesMs[step++ % pausesMs.length]),
    left: () => ground.left(),
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
