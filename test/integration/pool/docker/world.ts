import { randomBytes } from 'node:crypto';

import { silentLog } from '../../../../src/base/log';
import type { Log } from '../../../../src/base/log';
import type { Engine } from '../../../../src/pool/engine/connect';
import type { ServerImages } from '../../../../src/pool/images/serverImage';
import type { Runtime, ServerProgram } from '../../../../src/pool/runtime';
import { dockerRuntime } from '../../../../src/pool/runtimes/docker/dockerRuntime';
import type { DockerRuntimeOptions } from '../../../../src/pool/runtimes/docker/dockerRuntime';
import type { ServerSpec } from '../../../../src/pool/serverSpec';
import { engineAt } from '../../../harness/engine';
import { importTestImage } from '../../../harness/testImage';

export const mebibyte = 1024 * 1024;

/** A program in a container, and what it wrote so far. */
export interface Running {
  program: ServerProgram;
  errorLines: string[];
  /** Standard output. */
  text: () => string;
  /** Begins to read it. */
  read: () => void;
}

/** What a test asks for besides the script. */
export interface StartOptions extends Partial<Pick<ServerSpec, 'hosts' | 'environment' | 'args'>> {
  runtime?: Runtime;
  values?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Nobody reads its output. */
  unread?: boolean;
}

/** An engine with an image that holds Node, and runtimes on it; all that was made goes with it. */
export class DockerWorld implements AsyncDisposable {
  /** Unlike every other name on the engine. */
  readonly unique = `war-room-test-${process.pid}-${randomBytes(3).toString('hex')}`;
  readonly owner = `owner-of-${this.unique}`;
  readonly warnings: string[] = [];
  private readonly runtimes: Runtime[] = [];
  /** Every program that was started. */
  readonly programs: ServerProgram[] = [];

  private constructor(
    readonly engine: Engine,
    private readonly tag: string,
    readonly image: string,
  ) {}

  /** @param files path in the image by path here */
  static async open(host: string, files?: Record<string, string>): Promise<DockerWorld> {
    const engine = await engineAt(host);
    const tag = `war-room-test/docker:${process.pid}-${randomBytes(3).toString('hex')}`;
    return new DockerWorld(engine, tag, await importTestImage(engine, { tag, files }));
  }

  /** Each is as one of another window. */
  runtime(options: Partial<DockerRuntimeOptions> = {}): Runtime {
    const log: Log = { ...silentLog, warn: (message) => this.warnings.push(message) };
    const runtime = dockerRuntime({
      connect: () => Promise.resolve(this.engine),
      images: this.images(['node', '-e', 'setInterval(() => {}, 1000)']),
      owner: this.owner,
      limits: { memoryBytes: 200 * mebibyte, cpus: 0.5 },
      network: this.unique,
      log,
      ...options,
    });
    this.runtimes.push(runtime);
    return runtime;
  }

  /** Gives the test's image to every server. */
  images(command: readonly string[], id = this.image): ServerImages {
    const environment = { PATH: '/usr/local/bin:/usr/bin:/bin' };
    const image = { id, command, environment, isGuarded: false, notice: null };
    return { imageOf: () => Promise.resolve(image), started: () => undefined };
  }

  /** Starts a Node script in a container. */
  async start(script: string, options: StartOptions = {}): Promise<Running> {
    const { values = {}, hosts = [], environment = Object.keys(values), args = [] } = options;
    const runtime =
      options.runtime ?? this.runtime({ images: this.images(['node', '-e', script]) });
    const errorLines: string[] = [];
    const program = await runtime.start(
      {
        spec: {
          ...{ name: 'tried', program: { kind: 'oci', image: this.image }, state: 'none' },
          ...{ args, environment, hosts },
        },
        environment: values,
        onErrorLine: (line) => errorLines.push(line),
      },
      options.signal ?? AbortSignal.timeout(60_000),
    );
    this.programs.push(program);
    let text = '';
    const read = () =>
      program.output.setEncoding('utf8').on('data', (part: string) => (text += part));
    if (!options.unread) read();
    return { program, errorLines, read, text: () => text };
  }

  /** Ids of the containers that carry this world's owner label, in whatever state. */
  async containers(): Promise<string[]> {
    const filters = { label: [`war-room.owner=${this.owner}`] };
    const found = await this.engine.client.listContainers({ all: true, filters });
    return found.map(({ Id }) => Id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop()));
    await Promise.all(this.runtimes.map((runtime) => runtime.dispose()));
    const { client } = this.engine;
    for (const id of await this.containers()) await client.getContainer(id).remove({ force: true });
    const networks = await client.listNetworks({ filters: { name: [this.unique] } });
    for (const { Id } of networks) await client.getNetwork(Id).remove();
    await client.getImage(this.tag).remove({ force: true });
  }
}
