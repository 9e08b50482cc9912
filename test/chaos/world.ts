import { join } from 'node:path';

import { build } from 'esbuild';

import type { Engine } from '../../src/pool/engine/connect';
import { isStatus } from '../../src/pool/engine/failure';
import { labels } from '../../src/pool/ownership/labels';
import { newOwner, ownerText } from '../../src/pool/ownership/owner';
import { PrivateEngine, engineAt } from '../harness/engine';
import { projectRoot } from '../harness/paths';
import { temporaryFolder } from '../harness/temporary';
import type { TemporaryFolder } from '../harness/temporary';
import { importTestImage } from '../harness/testImage';
import { waitFor } from '../harness/wait';
import { unusedByDockerode } from '../integration/mcp/bundles';
import type { Random } from './random';
import { Window } from './window';
import type { WorkerPlan } from './worker';

/** What the design allows after the engine answers again. */
const cleanWithinMs = 10_000;
const serveWithinMs = 60_000;
const windowCount = 2;
const fixtures = join(projectRoot, 'test', 'fixtures');

interface OurContainer {
  id: string;
  name: string;
  /** In the engine's word. */
  state: string;
  /** Of its owner. */
  pid: number;
}

/** An engine of its own, windows that share a pool on it, and containers of others. */
export class World implements AsyncDisposable {
  private windows: Window[] = [];
  private busy: Promise<unknown> = Promise.resolve();
  private bystanders: readonly string[] = [];

  private constructor(
    readonly engine: PrivateEngine,
    private readonly folder: TemporaryFolder,
    private readonly script: string,
    private readonly plan: WorkerPlan,
  ) {}

  static async open(): Promise<World> {
    const folder = await temporaryFolder('chaos');
    const [script, reaper] = await bundle(folder.path);
    const engine = await PrivateEngine.start({ diskMiB: 1024 });
    const image = await importTestImage(await engineAt(engine.host), {
      tag: 'war-room-test/chaos:1',
      files: {
        [join(fixtures, 'tinyServer', 'server.js')]: '/tiny.js',
        [join(fixtures, 'chaosServer', 'server.js')]: '/chaos.js',
      },
    });
    const plan = { folder: join(folder.path, 'pools'), reaper, image };
    const world = new World(engine, folder, script, plan);
    world.bystanders = await world.startBystanders();
    return world;
  }

  /** Windows that live, as many as there should be; those that ended are replaced. */
  async open(): Promise<[Window, ...Window[]]> {
    this.windows = this.windows.filter((window) => window.isAlive);
    while (this.windows.length < windowCount) {
      const window = new Window(this.script, this.plan, this.engine.host);
      this.windows.push(window);
      await window.ready();
    }
    const [first, ...others] = this.windows;
    if (!first) throw new Error('There is no window.');
    return [first, ...others];
  }

  /** The window that is the pool; the first where none is. */
  async host(): Promise<Window> {
    const windows = await this.open();
    const status = await windows[0].status();
    return windows.find(({ pid }) => pid === status?.pid) ?? windows[0];
  }

  /**
   * Has every window lease and call several servers at once; whatever comes of it is right. The
   * calls go on when this is fulfilled.
   */
  async keepBusy(random: Random): Promise<void> {
    const servers = ['polite', 'polite-2', 'polite-3', 'deaf', 'flood'] as const;
    const wishes = (await this.open()).flatMap((window) => [window, window, window]);
    const calls = wishes.map((window) =>
      window.call({
        server: random.pick([...servers]),
        ...{ leaseMs: 6_000, callMs: 3_000, holdMs: random.below(500) },
      }),
    );
    this.busy = Promise.all(calls);
  }

  /** Waits for what {@link keepBusy} has begun. */
  async untilQuiet(): Promise<void> {
    await this.busy;
  }

  /**
   * Containers that carry an owner label of this machine, with the owner's process; not those dead
   * ones that an engine which was killed may list for ever and does not know.
   */
  async ours(): Promise<OurContainer[]> {
    const { client } = await engineAt(this.engine.host);
    const filters = { label: [labels.owner] };
    const found = await client.listContainers({ all: true, filters });
    const own = found.filter(({ Id }) => !this.bystanders.includes(Id));
    const isKnown = await Promise.all(
      own.map(async ({ Id, State }) => State !== 'dead' || (await isThere(client, Id))),
    );
    return own
      .filter((_, index) => isKnown[index])
      .map(({ Id, Names, Labels, State }) => ({
        id: Id,
        name: Names[0]?.slice(1) ?? Id,
        state: State,
        pid: Number(Labels[labels.owner]?.split('.')[2]),
      }));
  }

  /**
   * What must hold after every round. @returns how long it took until nothing was left behind, in ms
   * @throws Error that says what does not hold
   */
  async check(): Promise<number> {
    const limit = { deadlineMs: cleanWithinMs };
    const begin = performance.now();
    await waitFor('no container to be without its owner', () => this.nothingLeft(), limit);
    const took = performance.now() - begin;
    await this.untilQuiet();
    await waitFor('the pool to know every container', () => this.nothingForgotten(), limit);
    await waitFor('the containers of others to run', () => this.othersRun(), {
      deadlineMs: 30_000,
    });
    for (const window of await this.open()) {
      await waitFor('the pool to serve', () => serves(window), { deadlineMs: serveWithinMs });
    }
    return took;
  }

  /** Ends the windows in order. @throws Error when they leave something */
  async close(): Promise<void> {
    for (const window of this.windows) window.signal('SIGTERM');
    await Promise.all(this.windows.map(({ ended }) => ended));
    await waitFor('no container of ours', async () => (await this.ours()).length === 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const window of this.windows) window.signal('SIGKILL');
    await Promise.all(this.windows.map(({ ended }) => ended));
    await this.engine[Symbol.asyncDispose]();
    await this.folder.remove();
  }

  /** Each container belongs to a window that lives. */
  private async nothingLeft(): Promise<boolean> {
    const living = this.windows.filter((window) => window.isAlive).map(({ pid }) => pid);
    return noneOf((await this.ours()).filter(({ pid }) => !living.includes(pid)));
  }

  /** Each container is one that its pool tells of. */
  private async nothingForgotten(): Promise<boolean> {
    const found = await this.ours();
    const known: string[] = [];
    for (const window of this.windows.filter(({ isAlive }) => isAlive)) {
      const status = await window.status();
      if (status?.pid === window.pid) known.push(...status.servers.map(({ name }) => name));
    }
    // One that has not answered its greeting yet is told of without its name.
    const unnamed = known.filter((name) => name === '').length;
    const unknown = found.filter(({ name }) => !known.includes(name));
    return noneOf(unknown.slice(unnamed));
  }

  private async othersRun(): Promise<boolean> {
    const { client } = await engineAt(this.engine.host);
    const running = (await client.listContainers()).map(({ Id }) => Id);
    const missing = this.bystanders.filter((id) => !running.includes(id));
    if (missing.length > 0) throw new Error(`${missing.length} containers of others do not run.`);
    return true;
  }

  /** None of ours, however much they look like it. */
  private async startBystanders(): Promise<string[]> {
    const { client } = await engineAt(this.engine.host);
    const elsewhere = ownerText({ ...(await newOwner()), machine: '0'.repeat(16) });
    const each: Record<string, Record<string, string>> = {
      'polite-mcp-1700000000-0123': {},
      'war-room-polite': { [labels.server]: 'polite' },
      'of-another-machine': { [labels.owner]: elsewhere },
    };
    const made = Object.entries(each).map(async ([name, containerLabels]) => {
      const container = await client.createContainer({
        ...{ name, Image: this.plan.image, Cmd: ['/bin/sleep', '1000000'] },
        ...{ Labels: containerLabels, StopSignal: 'SIGKILL' },
        HostConfig: { NetworkMode: 'none', RestartPolicy: { Name: 'always' } },
      });
      await container.start();
      return container.id;
    });
    return await Promise.all(made);
  }
}

function noneOf(containers: readonly OurContainer[]): true {
  if (containers.length === 0) return true;
  const each = containers.map(({ name, pid, state }) => `${name} of process ${pid}, ${state}`);
  throw new Error(each.join('; '));
}

async function isThere(client: Engine['client'], id: string): Promise<boolean> {
  return await client
    .getContainer(id)
    .inspect()
    .then(
      () => true,
      (error: unknown) => !isStatus(error, 404),
    );
}

async function serves(window: Window): Promise<boolean> {
  const { code, message } = await window.call({ server: 'polite' });
  if (code !== undefined) throw new Error(`${code}: ${message ?? ''}`);
  return true;
}

/** The worker and the product's own reaper. */
async function bundle(folder: string): Promise<[string, string]> {
  await build({
    entryPoints: {
      worker: join(__dirname, 'worker.ts'),
      reaper: join(projectRoot, 'src', 'pool', 'reaper', 'reaper.ts'),
    },
    outdir: folder,
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' },
    plugins: [unusedByDockerode],
  });
  return [join(folder, 'worker.js'), join(folder, 'reaper.js')];
}
