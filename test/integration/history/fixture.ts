import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { vi } from 'vitest';

import { digestOf } from '../../../src/base/digest';
import type { Incident } from '../../../src/incident/incident';
import type { Decision, ScalarEdit } from '../../../src/incident/proposal';
import type { FileAccess } from '../../../src/history/files';
import { diskAccess } from '../../../src/history/files';
import { GitHistory } from '../../../src/history/gitHistory';
import type { HistoryOptions } from '../../../src/history/gitHistory';
import { applyEdits } from '../../../src/remediation/yaml/applyEdits';
import { unifiedDiff } from '../../../src/remediation/unifiedDiff';
import { IncidentStore } from '../../../src/store/incidentStore';
import { runOrThrow } from '../../harness/process';
import { temporaryFolder } from '../../harness/temporary';

// Every step is a process, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000 });

/** The values file of the tests: long enough for hunks that do not touch each other. */
export const values = [
  '# Grafana of the team',
  'replicas: 1',
  '',
  'image:',
  '  tag: "11.2.0"',
  '',
  'resources:',
  '  requests:',
  '    memory: 256Mi',
  '  limits:',
  "    memory: '512Mi' # seldom enough",
  '',
  'service:',
  '  type: ClusterIP',
  '  port: 3000',
  '',
  'persistence:',
  '  enabled: false',
  '',
].join('\n');

export const valuesPath = 'helm-values/grafana/values.yaml';
export const limitEdit: ScalarEdit = {
  keyPath: ['resources', 'limits', 'memory'],
  before: "'512Mi'",
  after: "'1Gi'",
};

export interface WorldOptions {
  /** Path of the values file in the repository. */
  path?: string;
  /** Content of the values file; strings as UTF-8. */
  content?: string | Buffer;
  /** Folder within the temporary one that becomes the repository. */
  folder?: string;
  /** The values file is committed; true unless told. */
  committed?: boolean;
  /** Further arguments of `git init`. */
  init?: readonly string[];
  edits?: readonly ScalarEdit[];
  history?: Partial<HistoryOptions>;
}

/** A real repository with an incident that waits for approval. */
export class World implements AsyncDisposable {
  private constructor(
    readonly root: string,
    readonly path: string,
    readonly original: Buffer,
    readonly env: NodeJS.ProcessEnv,
    readonly store: IncidentStore,
    readonly storeFolder: string,
    readonly incident: Incident,
    private readonly options: WorldOptions,
    private readonly remove: () => Promise<void>,
  ) {}

  static async make(options: WorldOptions = {}): Promise<World> {
    const temporary = await temporaryFolder('history');
    const home = join(temporary.path, 'home');
    const root = join(temporary.path, options.folder ?? 'repository');
    await mkdir(home);
    await mkdir(root, { recursive: true });
    const env = isolated(home);
    const git = (...args: string[]) =>
      runOrThrow('git', args, { cwd: root, env, deadlineMs: 30_000 });
    await git('init', '--quiet', '--initial-branch=main', ...(options.init ?? []));
    await git('config', 'user.name', 'Sam Oncall');
    await git('config', 'user.email', 'sam@example.com');
    await git('config', 'commit.gpgsign', 'false');
    const path = options.path ?? valuesPath;
    const original = Buffer.from(options.content ?? values);
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), original);
    await writeFile(join(root, 'other.txt'), 'one\ntwo\nthree\n');
    if (options.committed !== false) {
      await git('add', '--all');
      await git('commit', '--quiet', '--message', 'Add the charts');
    }
    const storeFolder = join(temporary.path, 'store');
    const store = await IncidentStore.open(storeFolder);
    const incident = await newIncident(store, root, path, original, options.edits ?? [limitEdit]);
    const remove = async () => {
      store.dispose();
      await temporary.remove();
    };
    return new World(root, path, original, env, store, storeFolder, incident, options, remove);
  }

  /** A history as a process that starts now would have it. */
  history(extra: Partial<HistoryOptions> = {}): GitHistory {
    return new GitHistory({
      store: this.store,
      settings: { examplesFolder: 'examples' },
      scanSecrets: () => [],
      env: this.env,
      ...this.options.history,
      ...extra,
    });
  }

  decision(more: Partial<Approved> = {}): Approved {
    return {
      kind: 'approved',
      by: 'Sam Oncall <sam@example.com>',
      at: '2026-11-21T11:00:00.000Z',
      values: {},
      commit: null,
      branch: null,
      ...more,
    };
  }

  git(...args: string[]): Promise<string> {
    return runOrThrow('git', args, { cwd: this.root, env: this.env, deadlineMs: 30_000 });
  }

  /** The original bytes with text replaced, as the file should be after an edit. */
  expected(from = "'512Mi'", to = "'1Gi'", base: Buffer = this.original): Buffer {
    return Buffer.from(base.toString('latin1').replace(from, to), 'latin1');
  }

  read(path = this.path): Promise<Buffer> {
    return readFile(join(this.root, path));
  }

  async write(content: string | Buffer, path = this.path): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), content);
  }

  /** The bytes that `revision:path` names; `:path` is the index. */
  async blob(revision: string, path = this.path): Promise<Buffer> {
    const sha = (await this.git('rev-parse', `${revision}:${path}`)).trim();
    const file = join(this.root, '..', `blob-${sha}`);
    await runOrThrow('sh', ['-c', `git cat-file blob ${sha} > "$OUT"`], {
      cwd: this.root,
      env: { ...this.env, OUT: file },
      deadlineMs: 30_000,
    });
    return readFile(file);
  }

  async hook(name: string, script: string): Promise<void> {
    const path = join(this.root, '.git', 'hooks', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }

  async commitCount(revision = 'HEAD'): Promise<number> {
    return Number(await this.git('rev-list', '--count', revision));
  }

  async changedIn(commit: string): Promise<string[]> {
    const text = await this.git(
      'diff-tree',
      '--root',
      '-r',
      '-z',
      '--no-commit-id',
      '--name-only',
      commit,
    );
    return text.split('\0').filter((name) => name !== '');
  }

  /** `git status` as people and tools read it. */
  async status(): Promise<string[]> {
    const text = await this.git('status', '--porcelain', '-z', '--untracked-files=all');
    return text.split('\0').filter((line) => line !== '');
  }

  get recordPaths(): string[] {
    return ['change.diff', 'incident.json', 'summary.md'].map(
      (name) => `examples/${this.incident.id}/${name}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }
}

export type Approved = Extract<Decision, { kind: 'approved' }>;

/** The disk, with an editor that holds unsaved edits. */
export const dirtyEditor: FileAccess = { ...diskAccess, isDirty: () => true };

/** The environment of a person whose settings are only those of the test. */
export function isolated(home: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, XDG_CONFIG_HOME: home };
  for (const name of Object.keys(env))
    if (name.startsWith('GIT_') || name === 'EMAIL') delete env[name];
  return { ...env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: join(home, 'gitconfig') };
}

/** An incident with a proposal for the bytes as they are now. */
export async function newIncident(
  store: IncidentStore,
  repository: string | null,
  path: string,
  bytes: Buffer,
  edits: readonly ScalarEdit[],
): Promise<Incident> {
  const diff = unifiedDiff(path, bytes, applyEdits(bytes, edits));
  return store.create({
    trigger: 'grafana.log, lines 12-60',
    repository,
    root: repository ?? '',
    place: { context: 'prod', namespace: 'monitoring', application: 'grafana', valuesFile: path },
    fingerprint: 'f1',
    state: 'awaiting-approval',
    category: 'oom-killed',
    severity: 'high',
    app: 'grafana',
    rootCause: {
      summary: 'Grafana was killed at its memory limit of 512Mi. Its peak is cut off there. Third.',
      confidence: 0.92,
      mechanism: null,
      evidence: [
        { source: 'grafana.log', line: 42, text: 'Last State: Terminated, Reason: OOMKilled' },
      ],
      changes: [],
    },
    proposal: {
      kind: 'values-edit',
      title: 'raise memory limit to 1Gi',
      files: [{ path, edits, diff, baseDigest: digestOf(bytes) }],
      reason: 'The container was killed at its own limit.',
      formula: 'limit x 2 = 1Gi',
      warnings: [],
    },
  });
}
