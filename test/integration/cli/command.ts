import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { vi } from 'vitest';
import { z } from 'zod';

import { projectRoot, sampleRepository } from '../../harness/paths';
import { runOrThrow } from '../../harness/process';
import { temporaryFolder } from '../../harness/temporary';

// Every command is a process that loads bundles, and the machine may be busy.
vi.setConfig({ testTimeout: 180_000 });

/** Folder of the built bundles; `npm test` builds them first. */
export const dist = process.env['WAR_ROOM_DIST'] ?? join(projectRoot, 'dist');

/** What `war-room diagnose --json` prints, as the design says: these keys and no others. */
const resultSchema = z.strictObject({
  incident: z.strictObject({
    id: z.string().nullable(),
    category: z.string().nullable(),
    severity: z.enum(['critical', 'high', 'medium', 'low']).nullable(),
    app: z.string().nullable(),
    keywords: z.array(z.string()),
    status: z.string().nullable(),
    fingerprint: z.string().nullable(),
  }),
  rootCause: z
    .strictObject({
      summary: z.string().min(1),
      confidence: z.number().min(0).max(1),
      mechanism: z.string().nullable(),
      evidence: z.array(
        z.strictObject({ source: z.string(), line: z.int().min(1), text: z.string() }),
      ),
      changes: z.array(z.string()),
    })
    .nullable(),
  hypotheses: z.array(
    z.strictObject({
      category: z.string(),
      confidence: z.number().min(0).max(1),
      why: z.string(),
    }),
  ),
  missing: z.array(z.string()),
  proposal: z
    .strictObject({
      kind: z.enum(['values-edit', 'cluster-action', 'revert']),
      files: z.array(z.strictObject({ path: z.string(), diff: z.string() })),
      action: z.strictObject({ call: z.string(), now: z.string(), after: z.string() }).optional(),
      reason: z.string().min(1),
      formula: z.string().nullable(),
    })
    .nullable(),
  outcome: z.enum([
    'no-incident',
    'insufficient-evidence',
    'proposed',
    'advised',
    'committed',
    'rejected',
    'failed',
  ]),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
  error: z.strictObject({ code: z.string(), message: z.string().min(1) }).nullable(),
  timings: z.record(z.string(), z.number()),
});

export type Result = z.infer<typeof resultSchema>;

/** What a command left behind. */
export interface Ended {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

export interface Given {
  /** Standard input; empty unless told. */
  input?: string | Buffer;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** A copy of the sample repository and a place for War Room's data, for the built command. */
export class Bench implements AsyncDisposable {
  private constructor(
    /** Root of the repository. */
    readonly root: string,
    readonly data: string,
    readonly env: NodeJS.ProcessEnv,
    private readonly remove: () => Promise<void>,
  ) {}

  /** @param folder name of the repository's folder */
  static async make(folder = 'repository'): Promise<Bench> {
    const temporary = await temporaryFolder('command');
    const root = join(temporary.path, folder);
    const home = join(temporary.path, 'home');
    const data = join(temporary.path, 'data');
    await mkdir(home);
    await cp(sampleRepository, root, { recursive: true });
    const env = quietEnvironment(home, data);
    const bench = new Bench(root, data, env, () => temporary.remove());
    await bench.git('init', '--quiet', '--initial-branch=main');
    await bench.git('config', 'user.name', 'Sam Oncall');
    await bench.git('config', 'user.email', 'sam@example.com');
    await bench.git('add', '--all');
    await bench.git('commit', '--quiet', '--message', 'Add the charts');
    return bench;
  }

  /** Runs `war-room` to its end. */
  async run(args: readonly string[], given: Given = {}): Promise<Ended> {
    return await endOf(this.start(args, given), given.input);
  }

  /** Starts `war-room`; standard input is a pipe that the caller ends. */
  start(args: readonly string[], { env, cwd }: Given = {}): ChildProcess {
    return spawn(process.execPath, [join(dist, 'cli.js'), ...args], {
      cwd: cwd ?? this.root,
      env: { ...this.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  /** Runs a command with `--json`: its result, which must be all of standard output. */
  async json(args: readonly string[], given: Given = {}): Promise<Ended & { result: Result }> {
    const ended = await this.run([...args, '--json'], given);
    return { ...ended, result: parsed(ended) };
  }

  async git(...args: readonly string[]): Promise<string> {
    const text = await runOrThrow('git', args, {
      cwd: this.root,
      env: this.env,
      deadlineMs: 30_000,
    });
    return text.trimEnd();
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }

  async write(path: string, content: string | Buffer): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), content);
  }

  async hook(name: string, script: string): Promise<void> {
    const path = join(this.root, '.git', 'hooks', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }

  async commits(): Promise<number> {
    return Number(await this.git('rev-list', '--count', 'HEAD'));
  }

  /** Everything that a diagnosis without a yes must leave alone. */
  async untouched(): Promise<string> {
    const status = await this.git('status', '--porcelain', '--untracked-files=all');
    const values = await this.read(valuesFile);
    return [await this.git('rev-parse', 'HEAD'), status, values].join('\n');
  }

  /** Ids of the stored incidents. */
  async incidents(): Promise<string[]> {
    const names = await readdir(this.data, { recursive: true }).catch(() => []);
    return names.filter((name) => name.endsWith('incident.json'));
  }

  /** Locks of git or of War Room that somebody still holds or left. */
  async locks(): Promise<string[]> {
    const inGit = (await readdir(join(this.root, '.git'))).filter((name) => name.endsWith('.lock'));
    const stored = await readdir(this.data, { recursive: true }).catch(() => []);
    return [...inGit, ...stored.filter((name) => name.endsWith('run.lock'))];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }
}

export const valuesFile = 'helm-values/grafana/values.yaml';
export const killed = 'logs/grafana-oom.log';

/** The result in a command's standard output, which must hold nothing else. */
export function parsed({ stdout, stderr }: Ended): Result {
  try {
    return resultSchema.parse(JSON.parse(stdout));
  } catch (error) {
    throw new Error(`It printed:\n${stdout}\nand on standard error:\n${stderr}`, { cause: error });
  }
}

/** Gives a process its input and waits for its end. */
export async function endOf(child: ChildProcess, input: string | Buffer = ''): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  // A command that refuses its arguments does not read what comes.
  child.stdin?.on('error', () => undefined).end(input);
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { status, signal, ...output };
}

/** A person's environment without a cluster, an engine, or settings of the machine that tests. */
function quietEnvironment(home: string, data: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, XDG_CONFIG_HOME: home };
  const foreign =
    /^(GIT_|WAR_ROOM_|KUBECONFIG$|EMAIL$|NO_COLOR$|FORCE_COLOR$|NODE_OPTIONS$|VITEST)/;
  for (const name of Object.keys(env)) if (foreign.test(name)) delete env[name];
  return {
    ...env,
    WAR_ROOM_DATA: data,
    DOCKER_HOST: `unix://${join(home, 'no-engine.sock')}`,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
  };
}
