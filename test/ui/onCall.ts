import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

import type { Incident } from '../../src/incident/incident';
import type { IncidentState } from '../../src/incident/state';
import { projectRoot, sampleRepository } from '../harness/paths';
import { shareImages } from '../harness/sharedImages';
import { spawnGroup } from '../harness/process';
import { git, initialiseRepository, temporaryFolder } from '../harness/temporary';
import type { TemporaryFolder } from '../harness/temporary';
import { waitFor } from '../harness/wait';
import { IncidentPage } from './page/incidentPage';
import { chooseInMenu } from './page/menu';
import type { Workbench } from './page/workbench';
import { Session } from './session';
import type { SessionOptions } from './session';

/** The values that the sample's grafana log asks for, as they stand in git. */
export const grafanaValues = 'helm-values/grafana/values.yaml';

/** Folder of the extension under test: the built one, or what WAR_ROOM_TEST_EXTENSION names. */
const extension = process.env['WAR_ROOM_TEST_EXTENSION'] ?? projectRoot;

/** How long a diagnosis or a commit may take on a machine with other work to do. */
const patience = { deadlineMs: 60_000, intervalMs: 200 };

/** `extensions` are there besides War Room. */
export type OnCallOptions = Omit<SessionOptions, 'workspace'> & {
  /** False opens the sample without a git repository. */
  readonly repository?: boolean;
};

/**
 * A person on call: the sample repository is open in a workbench with War Room installed, and
 * incidents are stored in a folder of their own.
 */
export class OnCall implements AsyncDisposable {
  readonly workbench: Workbench;
  readonly incidentPage: IncidentPage;
  readonly page: Page;

  private constructor(
    readonly session: Session,
    private readonly workspace: TemporaryFolder,
    private readonly data: TemporaryFolder,
    private readonly env: NodeJS.ProcessEnv,
    private readonly isRepository: boolean,
  ) {
    this.workbench = session.workbench;
    this.page = session.page;
    this.incidentPage = new IncidentPage(session.page);
  }

  /** Opens the sample with the extension under test. */
  static async start({ repository = true, ...options }: OnCallOptions = {}): Promise<OnCall> {
    const workspace = await temporaryFolder('on-call');
    const data = await temporaryFolder('data');
    await cp(sampleRepository, workspace.path, { recursive: true });
    // Who has an engine has had servers run on it.
    if (options.env?.['DOCKER_HOST']) await shareImages(data.path);
    if (repository) await initialiseRepository(workspace.path);
    const env = {
      WAR_ROOM_DATA: data.path,
      // No cluster and no engine of the machine answers, unless a test says so.
      KUBECONFIG: join(data.path, 'kubeconfig'),
      DOCKER_HOST: `unix://${join(data.path, 'docker.sock')}`,
      GIT_CONFIG_GLOBAL: join(data.path, 'gitconfig'),
      GIT_CONFIG_SYSTEM: '/dev/null',
      ...options.env,
    };
    const session = await Session.start({
      ...options,
      workspace: workspace.path,
      extensions: [extension, ...(options.extensions ?? [])],
      env,
    });
    return new OnCall(session, workspace, data, env, repository);
  }

  /** The folder that is open, absolute. */
  get folder(): string {
    return this.workspace.path;
  }

  /** The folder that holds incidents and what else War Room keeps, absolute. */
  get dataFolder(): string {
    return this.data.path;
  }

  /** Starts War Room's command line in the same folder, as the leader of a process group. */
  startCommand(...args: readonly string[]): ChildProcess {
    return spawnGroup(process.execPath, [join(extension, 'dist', 'cli.js'), ...args], {
      cwd: this.folder,
      env: { ...process.env, ...this.env },
      stdio: 'ignore',
    });
  }

  /** Makes the cluster known that answers at this address. */
  async useCluster(address: string): Promise<void> {
    const config = {
      'current-context': 'night',
      clusters: [{ name: 'night', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
      contexts: [{ name: 'night', context: { cluster: 'night', user: 'night' } }],
      users: [{ name: 'night', user: {} }],
    };
    await writeFile(join(this.data.path, 'kubeconfig'), JSON.stringify(config));
  }

  async forgetCluster(): Promise<void> {
    await rm(join(this.data.path, 'kubeconfig'), { force: true });
  }

  /** Puts the repository back to its first commit, forgets the incidents and closes the editors. */
  async startOver(): Promise<void> {
    await this.closeEditors();
    await this.workbench.runCommand('Notifications: Clear All Notifications');
    if (this.isRepository) {
      await rm(join(this.folder, '.git', 'hooks'), { recursive: true, force: true });
      await git(this.folder, 'switch', '--quiet', '--discard-changes', 'main');
      const [first] = (await git(this.folder, 'rev-list', '--max-parents=0', 'HEAD')).split('\n');
      await git(this.folder, 'reset', '--quiet', '--hard', first ?? '');
      await git(this.folder, 'clean', '--quiet', '-fdx');
    } else {
      await cp(sampleRepository, this.folder, { recursive: true });
    }
    await this.workbench.runCommand('War Room: Clear Stored Incidents…');
    await this.workbench.dialog().press('Clear');
    await waitFor('no incident', async () => (await this.incidents()).length === 0, patience);
  }

  /** Closes every editor, also one that a command of before still opens. */
  private async closeEditors(): Promise<void> {
    const tabs = this.page.locator('.editor-group-container .tab');
    const close = async (): Promise<boolean> => {
      if (await this.page.locator('.monaco-dialog-box').isVisible()) {
        const asksToSave = (await this.workbench.dialog().buttons()).includes("Don't Save");
        if (asksToSave) await this.workbench.dialog().press("Don't Save");
        else await this.page.keyboard.press('Escape');
      } else if ((await tabs.count()) > 0) {
        await this.workbench.runCommand('View: Close All Editors');
      }
      return (await tabs.count()) === 0;
    };
    await waitFor('the editors to close', close, { ...patience, intervalMs: 500 });
  }

  /** Opens a log, selects lines (all of them unless told) and diagnoses them from the palette. */
  async diagnose(log: string, first = 1, last?: number): Promise<void> {
    const editor = await this.workbench.openFile(log);
    if (last === undefined) {
      await editor.focus();
      await this.page.keyboard.press('Control+a');
    } else {
      await editor.selectLines(first, last);
    }
    await this.workbench.runCommand('War Room: Diagnose Selected Log');
  }

  /** Writes a log whose cause no file cures, so that it ends in advice; gives its path. */
  async writeDatabaseLog(): Promise<string> {
    const log = 'logs/database.log';
    const refused = (second: number) =>
      `2026-11-21T11:35:0${second}Z blog-service ERROR django.db.utils.OperationalError: connection to server at "postgres.blog-prod.svc" (10.96.4.1), port 5432 failed: Connection refused`;
    await this.write(log, [0, 1, 2, 3, 4].map((second) => `${refused(second)}\n`).join(''));
    return log;
  }

  /** Diagnoses the grafana log up to the diff and its page. */
  async diagnoseGrafana(): Promise<Incident> {
    await this.diagnose('logs/grafana-oom.log');
    const incident = await this.waitForState('awaiting-approval');
    await this.waitForDiff();
    return incident;
  }

  /** Waits until the diff of the values is there with buttons to decide it. */
  async waitForDiff(): Promise<void> {
    await waitFor(
      'the diff with its buttons',
      async () => (await this.workbench.editorActions()).includes('Accept'),
      patience,
    );
    await this.workbench.diff('modified').waitForText('requests:');
  }

  /** Waits until the one incident there is is in this state. */
  async waitForState(state: IncidentState): Promise<Incident> {
    return waitFor(
      `an incident that is ${state}`,
      async () => {
        const [incident, ...others] = await this.incidents();
        if (others.length > 0) throw new Error('There is more than one incident.');
        if (incident?.state === state) return incident;
        throw new Error(`It is ${incident?.state ?? 'not there'}: ${incident?.error?.message}`);
      },
      patience,
    );
  }

  /** Makes the side bar wider by so many pixels, or narrower. */
  async dragSideBar(by: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('There is no side bar.');
    const edge = box.x + box.width;
    await this.page.mouse.move(edge, 600);
    await this.page.mouse.down();
    await this.page.mouse.move(edge + by, 600, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Presses an entry of a file's context menu in the explorer, which must be open. */
  async inExplorer(file: string, entry: string): Promise<void> {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row');
    await row.filter({ hasText: file }).first().click({ button: 'right' });
    await chooseInMenu(this.page, entry);
  }

  /** Waits until the tree of incidents shows this text; the view must be open. */
  async waitForTree(text: string): Promise<void> {
    const incidents = this.workbench.view('Incidents');
    await waitFor(
      `"${text}" in the tree`,
      async () =>
        (await incidents.rows()).some(({ label, description }) =>
          `${label} ${description}`.includes(text),
        ),
      patience,
    );
  }

  /** Waits until the Source Control view offers the incident's commit message, or none. */
  async waitForMessage(wanted: 'offered' | 'none'): Promise<void> {
    await waitFor(
      `the commit message to be ${wanted}`,
      async () => {
        // A part of it may be scrolled away.
        const text = await this.workbench.sourceControl.message.text();
        return wanted === 'none' ? text === '' : text.includes('incident-');
      },
      patience,
    );
  }

  /** What War Room's commit holds: the values and the incident's folder. */
  pathsOf({ id }: Incident): string[] {
    const record = ['change.diff', 'incident.json', 'summary.md'];
    return [...record.map((file) => `examples/${id}/${file}`), grafanaValues];
  }

  /** Every stored incident, as it lies on disk. */
  async incidents(): Promise<Incident[]> {
    const files = await readdir(this.data.path, { recursive: true });
    const records = files.filter((file) => file.endsWith('/incident.json'));
    const texts = await Promise.all(
      records.map((file) => readFile(join(this.data.path, file), 'utf8')),
    );
    return texts.map((text) => JSON.parse(text) as Incident);
  }

  async git(...args: readonly string[]): Promise<string> {
    return git(this.folder, ...args);
  }

  /** Number of commits on the current branch, without the one that the sample begins with. */
  async commits(): Promise<number> {
    return Number(await this.git('rev-list', '--count', 'HEAD')) - 1;
  }

  /** Paths that the last commit changed. */
  async committedPaths(): Promise<string[]> {
    return (await this.git('show', '--format=', '--name-only', 'HEAD')).trim().split('\n');
  }

  /** The lines that the last commit removed from and added to a file. */
  async committedLines(file: string): Promise<string[]> {
    const diff = await this.git('show', '--format=', '-U0', 'HEAD', '--', file);
    return diff.split('\n').filter((line) => /^[-+](?![-+])/.test(line));
  }

  async read(file: string): Promise<string> {
    return readFile(join(this.folder, file), 'utf8');
  }

  async write(file: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(join(this.folder, file)), { recursive: true });
    await writeFile(join(this.folder, file), content);
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
    await this.workspace.remove();
    await this.data.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
