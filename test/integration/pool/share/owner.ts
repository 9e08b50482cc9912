import { silentLog } from '../../../../src/base/log';
import { connectEngine } from '../../../../src/pool/engine/connect';
import { labels } from '../../../../src/pool/ownership/labels';
import { ReaperLine } from '../../../../src/pool/reaper/reaperLine';
import { dockerRuntime } from '../../../../src/pool/runtimes/docker/dockerRuntime';
import { processRuntime } from '../../../../src/pool/runtimes/process';
import type { StartRequest } from '../../../../src/pool/runtime';

/** What an owner is to start. */
export interface Plan {
  /** Address of the engine. */
  host: string;
  image: string;
  /** What runs in the container. */
  command: readonly string[];
  /** The reaper's bundle; null for none. */
  reaper: string | null;
  /** `created`: the container is made and not started. `process`: a child process instead. */
  kind: 'started' | 'created' | 'process';
}

/** What an owner says when it has started it. */
export interface Owned {
  owner: string;
  /** Of the container or the process. */
  id: string;
}

/** A process that owns a container or a child, says which, and stays. */
async function main(plan: Plan): Promise<void> {
  const log = silentLog;
  const reaper = await ReaperLine.open({ script: plan.reaper ?? '', log });
  const id = await start(plan, reaper);
  process.stdout.write(`${JSON.stringify({ owner: reaper.owner, id })}\n`);
  setInterval(() => undefined, 1_000);
}

async function start(
  { host, image, command, reaper: script, kind }: Plan,
  reaper: ReaperLine,
): Promise<string> {
  const [program = '', ...args] = command;
  const request: StartRequest = {
    spec: {
      ...{
        name: 'tried',
        program: { kind: 'command', command: program, folder: process.cwd() },
        args,
        environment: [],
      },
      ...{ state: 'none', hosts: [] },
    },
    environment: {},
    onErrorLine: () => undefined,
  };
  const signal = new AbortController().signal;
  if (kind === 'process') {
    return (await processRuntime(script ? { reaper } : {}).start(request, signal)).id;
  }
  const engine = await connectEngine({ environment: { DOCKER_HOST: host } }, signal);
  if (script) reaper.guardEngine(engine.place.connection);
  const { owner } = reaper;
  if (kind === 'created') {
    const options = { Image: image, Cmd: [...command], Labels: { [labels.owner]: owner } };
    return (await engine.client.createContainer(options)).id;
  }
  const runtime = dockerRuntime({
    connect: () => Promise.resolve(engine),
    images: {
      imageOf: () =>
        Promise.resolve({
          ...{ id: image, command, environment: {}, isGuarded: false, notice: null },
        }),
      started: () => undefined,
    },
    owner,
    limits: { memoryBytes: 200 * 1024 * 1024, cpus: 0.5 },
    network: 'war-room-test-none',
    log: silentLog,
  });
  return (await runtime.start({ ...request, spec: { ...request.spec, args: [] } }, signal)).id;
}

void main(JSON.parse(process.argv[2] ?? '{}') as Plan);
