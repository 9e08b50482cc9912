import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll } from 'vitest';

import type { Incident } from '../../../src/incident/incident';
import type { LogSource } from '../../../src/intake/source';
import { defaultSettings } from '../../../src/settings';
import { WarRoom } from '../../../src/warRoom';
import { testHost } from '../../harness/host';
import { runCommand, runOrThrow } from '../../harness/process';
import { temporaryFolder } from '../../harness/temporary';
import type { TemporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';
import { dist } from '../cli/command';
import { missingCluster } from '../mcp/cluster';
import { chart } from './chart';

const app = 'shop';

/** Texts, each with the command that printed it. */
type Sources = readonly Extract<LogSource, { kind: 'text' }>[];

/** What is installed from, and what is there before it. */
interface Grounds {
  /** The chart's values file. */
  values: string;
  /** What the values file held in the commit before. */
  was?: string;
  /** Applied to the namespace first; its pods must be ready before anything is installed. */
  objects?: string;
  /** War Room's own environment; unless told, the cluster alone. */
  environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Gives the fleets of a test file a data folder of their own, removed after its tests.
 * @returns says, once the tests run, why there can be no fleet here, or null
 */
export function prepareFleets(): () => string | null {
  let missing: string | null;
  let data: TemporaryFolder;

  beforeAll(async () => {
    missing = (await missingCluster()) ?? (await missingHelm());
    data = await temporaryFolder('data');
    process.env['WAR_ROOM_DATA'] = data.path;
  });

  afterAll(async () => {
    delete process.env['WAR_ROOM_DATA'];
    await data.remove();
  });

  return () => missing;
}

/**
 * An application of its own: a repository with its chart, a namespace where it is installed from
 * there, a War Room for the repository, and a small GitOps loop.
 */
export class Fleet implements AsyncDisposable {
  private loop: Promise<void> | undefined;
  /** The commit that was installed last. */
  private applied = '';
  private readonly ended = new AbortController();

  private constructor(
    readonly namespace: string,
    readonly root: string,
    readonly warRoom: WarRoom,
    private readonly remove: () => Promise<void>,
  ) {}

  /** @param name ends the namespace's name */
  static async make(
    name: string,
    { values, was, objects = '', environment }: Grounds,
  ): Promise<Fleet> {
    const folder = await temporaryFolder(`fleet-${name}`);
    const root = join(folder.path, 'repository');
    // A retry does not meet what is still being deleted.
    const namespace = `fleet-${name}-${randomBytes(3).toString('hex')}`;
    const git = (...args: string[]) => runOrThrow('git', args, { cwd: root, deadlineMs: 30_000 });
    const commit = async (subject: string, files: Readonly<Record<string, string>>) => {
      for (const [path, content] of Object.entries(files)) {
        const file = join(root, 'charts', app, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--message', subject);
    };
    await mkdir(root);
    await git('init', '--quiet', '--initial-branch=main');
    await git('config', 'user.name', 'Sam Oncall');
    await git('config', 'user.email', 'sam@example.com');
    await commit('Add the chart', { ...chart, 'values.yaml': was ?? values });
    if (was !== undefined) await commit('Settle the values', { 'values.yaml': values });
    const host = testHost({
      bundles: dist,
      roots: () => [root],
      environment: () => environment ?? { KUBECONFIG: process.env['KUBECONFIG'] },
      settings: () => ({
        ...defaultSettings,
        verification: { stableMinutes: 0.1, graceMinutes: 1, intervalSeconds: 1 },
      }),
      writeFile,
    });
    const fleet = new Fleet(namespace, root, new WarRoom(host), () => folder.remove());
    await fleet.kubectl('create', 'namespace', namespace);
    if (objects !== '') {
      const file = join(folder.path, 'objects.yaml');
      await writeFile(file, objects);
      const where = ['--namespace', namespace];
      await fleet.kubectl('apply', ...where, '--filename', file);
      if (objects.includes('kind: Pod\n')) {
        const ready = ['--for=condition=Ready', 'pods', '--all', '--timeout=60s'];
        await fleet.kubectl('wait', ...where, ...ready);
      }
    }
    await fleet.deploy();
    return fleet;
  }

  /**
   * What a person would collect, once it shows what `broken` says.
   * @param more what kubectl is asked besides
   */
  async evidence(broken: RegExp, more: readonly (readonly string[])[] = []): Promise<Sources> {
    return await waitFor(
      `trouble in ${this.namespace}`,
      async () => {
        const sources = await this.collected(more);
        return broken.test(sources.map(({ text }) => text).join('\n')) ? sources : null;
      },
      { deadlineMs: 120_000, intervalMs: 1_000 },
    );
  }

  /** Diagnoses through the product, which asks its own servers besides. */
  async diagnose(sources: Sources): Promise<Incident> {
    return await this.warRoom.diagnose({
      sources,
      trigger: 'terminal',
      place: { context: null, namespace: this.namespace, application: app, valuesFile: null },
    });
  }

  /** Commits the change that waits; the loop applies it. */
  async approve(id: string): Promise<Incident> {
    return await this.warRoom.approval.acceptAndCommit(id, null);
  }

  /** Applies the chart whenever HEAD moves, as a GitOps controller does. */
  sync(): void {
    this.loop ??= (async () => {
      while (!this.ended.signal.aborted) {
        if ((await this.head()) !== this.applied) await this.deploy();
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    })();
  }

  /** Waits until the loop has installed what HEAD holds. */
  async synced(): Promise<void> {
    await waitFor(`${this.namespace} to follow HEAD`, async () => {
      return (await this.head()) === this.applied;
    });
  }

  kubectl(...args: readonly string[]): Promise<string> {
    return runOrThrow('kubectl', args, { deadlineMs: 60_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ended.abort();
    await this.loop;
    await this.warRoom.close();
    await this.kubectl('delete', 'namespace', this.namespace, '--wait=false');
    await this.remove();
  }

  private async collected(more: readonly (readonly string[])[]): Promise<Sources> {
    const where = ['--namespace', this.namespace];
    const logs = ['logs', '--selector', `app=${app}`, '--tail', '50'];
    const asked = [['get', 'pods'], ['describe', 'pods'], ['get', 'events'], logs];
    const sources: Extract<LogSource, { kind: 'text' }>[] = [];
    for (const args of [...asked, [...logs, '--previous'], ...more]) {
      // What has not started yet has no log.
      const text = await this.kubectl(...args, ...where).catch(() => '');
      if (text) sources.push({ kind: 'text', source: `kubectl ${args.join(' ')}`, text });
    }
    return sources;
  }

  private async deploy(): Promise<void> {
    const head = await this.head();
    const folder = join(this.root, 'charts', app);
    const args = ['upgrade', '--install', app, folder, '--namespace', this.namespace];
    await runOrThrow('helm', args, { deadlineMs: 60_000 });
    this.applied = head;
  }

  private head(): Promise<string> {
    return runOrThrow('git', ['rev-parse', 'HEAD'], { cwd: this.root, deadlineMs: 30_000 });
  }
}

/** Why charts cannot be installed, or null. */
async function missingHelm(): Promise<string | null> {
  const programs = { helm: ['version'], kubectl: ['version', '--client'] };
  for (const [program, args] of Object.entries(programs)) {
    const tried = runCommand(program, args, { deadlineMs: 30_000 });
    const { code } = await tried.catch(() => ({ code: 1 }));
    if (code !== 0) return `${program} is not in the PATH`;
  }
  return null;
}
