import { WarRoomError } from '../../../base/errors';
import type { Log } from '../../../base/log';
import { MadeOnce } from '../../../base/madeOnce';
import { connectEngine } from '../../engine/connect';
import type { Engine } from '../../engine/connect';
import { engineWords, isEngineLost, isStatus } from '../../engine/failure';
import { filesIn } from '../../handedFiles';
import type { ServerImage, ServerImages } from '../../images/serverImage';
import type { MachineMemory, Runtime, ServerProgram, StartRequest } from '../../runtime';
import { machineMemory } from '../procMemory';
import { containerOptions } from './containerOptions';
import type { ContainerLimits } from './containerOptions';
import { DockerProgram } from './dockerProgram';
import { asContainerSees } from './hostAddresses';
import { machineMemoryFrom } from './memory';
import { ensureNetwork } from './network';
import { startContainer } from './startContainer';
import type { RunningContainer } from './startContainer';

const connectMs = 30_000;
const networkMs = 10_000;
const attempts = 3;

export interface DockerRuntimeOptions {
  /** Unless told, this person's own engine. */
  connect?: (signal: AbortSignal) => Promise<Engine>;
  images: ServerImages;
  /** Text of the owner label of every container. */
  owner: string;
  limits: ContainerLimits;
  /** Name of the network of those servers that reach something. */
  network: string;
  log: Log;
}

/** Servers in containers of a Docker or Podman engine, found at the first start. */
export function dockerRuntime(options: DockerRuntimeOptions): Runtime {
  return new DockerRuntime(options);
}

/** What has to be there before a container is made; found once, and again when it was lost. */
interface Ground {
  engine: Engine;
  /** Id of the network. */
  network: MadeOnce<string>;
}

class DockerRuntime implements Runtime {
  readonly name = 'docker';
  private readonly life = new AbortController();
  private readonly programs = new Set<DockerProgram>();
  private readonly ground = new MadeOnce({
    what: 'Connecting the container engine',
    deadlineMs: connectMs,
    life: this.life.signal,
    make: (signal) => this.find(signal),
  });

  constructor(private readonly options: DockerRuntimeOptions) {}

  async start(request: StartRequest, signal: AbortSignal): Promise<ServerProgram> {
    const { images } = this.options;
    await this.ground.get(signal);
    const image = await images.imageOf(request.spec, signal, request.onProgress);
    requireGuard(request, image);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.launch(request, image, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (attempt === attempts || !isWorthAnother(error)) throw failure(request.spec.name, error);
        // The engine may have been started anew, or its networks changed: both are looked for again.
        this.ground.forget();
      }
    }
  }

  async machineMemory(signal: AbortSignal): Promise<MachineMemory | null> {
    const ground = await this.ground.known();
    if (!ground) return null;
    if (ground.engine.facts.isLocal) return await machineMemory();
    for (const { id } of this.programs) {
      const memory = await machineMemoryFrom(ground.engine, id, signal).catch(() => null);
      if (memory) return memory;
    }
    return null;
  }

  dispose(): Promise<void> {
    this.life.abort();
    return Promise.resolve();
  }

  private async find(signal: AbortSignal): Promise<Ground> {
    const { connect = (within) => connectEngine({}, within) } = this.options;
    const engine = await connect(signal);
    const network = new MadeOnce({
      what: 'Making the network',
      deadlineMs: networkMs,
      life: this.life.signal,
      make: () => ensureNetwork(engine, this.options.network),
    });
    return { engine, network };
  }

  private async launch(
    request: StartRequest,
    image: ServerImage,
    signal: AbortSignal,
  ): Promise<ServerProgram> {
    const { engine, network } = await this.ground.get(signal);
    const begin = performance.now();
    const { owner, log, images } = this.options;
    const { facts } = engine;
    const cpus = Math.min(this.options.limits.cpus, facts.cpus);
    // Podman cannot change the limit of a container that runs.
    const cpusAtStart = facts.isPodman ? cpus : facts.cpus;
    const limits = { ...this.options.limits, cpus };
    const networkId = request.spec.hosts.length > 0 ? await network.get(signal) : null;
    const view = asContainerSees(request);
    const options = containerOptions({
      ...view,
      ...{ image, limits, cpusAtStart, owner, now: new Date(), isPodman: facts.isPodman },
      network: networkId,
    });
    const runtimeSignal = this.life.signal;
    const { onErrorLine } = request;
    const started = await startContainer(engine, options, { onErrorLine, signal, runtimeSignal });
    const program = new DockerProgram({
      ...started,
      ...{ engine, limits, cpusAtStart, runtimeSignal, log },
      args: { filled: view.args, written: request.spec.args },
      notApplied: limitsNotApplied(engine, started, networkId !== null),
      onGreeted: () => images.started(request.spec, performance.now() - begin),
    });
    this.programs.add(program);
    void program.gone.then(() => this.programs.delete(program));
    return program;
  }
}

/** Files are written by the guard; a server without one could look for them elsewhere. */
function requireGuard({ spec, environment }: StartRequest, { isGuarded }: ServerImage): void {
  const files = filesIn(environment);
  if (isGuarded || files.length === 0) return;
  throw new WarRoomError(
    'image-failed',
    `The ${spec.name} server was not started, since its image has no shell that would hand it the file of ${files.join(', ')}; set warRoom.pool.nodeImage or pythonImage to an image that has one.`,
  );
}

/** What the engine said when it was connected, and what it says of this container. */
function limitsNotApplied(
  { facts }: Engine,
  { warnings }: RunningContainer,
  hasNetwork: boolean,
): readonly string[] {
  const isTold = (warning: string) =>
    facts.notApplied.some((limit) => warning.toLowerCase().includes(limit.split(' ')[0] ?? limit));
  const open = facts.isPodman && hasNetwork ? ['containers kept apart on their network'] : [];
  return [...facts.notApplied, ...open, ...warnings.filter((warning) => !isTold(warning))];
}

/** True where what was found of the engine may be out of date, or a name was taken by chance. */
function isWorthAnother(error: unknown): boolean {
  // Removed by somebody, or made by two windows at the same moment, in the words of any engine.
  const isNetwork =
    error instanceof Error && 'statusCode' in error && /network/i.test(engineWords(error));
  return isEngineLost(error) || isNetwork || isStatus(error, 409);
}

function failure(server: string, error: unknown): WarRoomError {
  if (WarRoomError.is(error, 'deadline')) {
    return new WarRoomError(
      'engine-unavailable',
      `The container engine did not start the ${server} server in time: look at its load and its log, or restart it.`,
      { cause: error },
    );
  }
  if (WarRoomError.is(error)) return error;
  return new WarRoomError(
    'server-failed',
    `The ${server} server could not be started in a container: ${engineWords(error).replace(/\.$/, '')}.`,
    { cause: error },
  );
}
