import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { login } from '../../harness/login';
import { endGroup, runCommand, spawnGroup } from '../../harness/process';
import { temporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';
import { listening } from './listening';

/** How Prometheus is set up. */
export interface Setup {
  /** Host and port of what it scrapes, every second. */
  target: string;
  /** False: it keeps its own labels, and those of what it scrapes as `exported_…`. */
  honorLabels: boolean;
}

/** Why there is no Prometheus to start, or null. */
export async function missingPrometheus(): Promise<string | null> {
  const tried = runCommand('prometheus', ['--version'], { deadlineMs: 10_000 });
  const { code } = await tried.catch(() => ({ code: 1 }));
  return code === 0 ? null : 'prometheus is not in the PATH';
}

/** A real Prometheus with a login, which can go away and come back. */
export class RealPrometheus implements AsyncDisposable {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly address: string,
    private readonly remove: () => Promise<void>,
  ) {}

  static async start({ target, honorLabels }: Setup): Promise<RealPrometheus> {
    const folder = await temporaryFolder('prometheus');
    const { path } = folder;
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [
        {
          job_name: 'workloads',
          honor_labels: honorLabels,
          static_configs: [
            { targets: [target], labels: { namespace: 'monitoring', pod: 'exporter-0' } },
          ],
        },
      ],
    };
    // JSON is YAML too.
    await writeFile(join(path, 'prometheus.yml'), JSON.stringify(config));
    const users = { basic_auth_users: { [login.user]: login.hash } };
    await writeFile(join(path, 'web.yml'), JSON.stringify(users));
    await mkdir(join(path, 'data'));
    const made = new RealPrometheus(path, await freeAddress(), () => folder.remove());
    await made.comeBack();
    return made;
  }

  /** With the login in it, as a person would set it. */
  get url(): string {
    return `http://${login.user}:${login.password}@${this.address}`;
  }

  async goAway(): Promise<void> {
    if (this.child) await endGroup(this.child);
    this.child = undefined;
  }

  async comeBack(): Promise<void> {
    const args = [
      `--config.file=${join(this.folder, 'prometheus.yml')}`,
      `--web.config.file=${join(this.folder, 'web.yml')}`,
      `--web.listen-address=${this.address}`,
      `--storage.tsdb.path=${join(this.folder, 'data')}`,
    ];
    this.child = spawnGroup('prometheus', args, { stdio: 'ignore' });
    const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
    await waitFor('Prometheus to be ready', async () => {
      const ready = await fetch(`http://${this.address}/-/ready`, { headers: { authorization } });
      return ready.ok;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway();
    await this.remove();
  }
}

async function freeAddress(): Promise<string> {
  await using server = await listening(createServer());
  return server.address;
}
