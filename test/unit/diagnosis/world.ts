import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { systemClock } from '../../../src/base/clock';
import { silentLog } from '../../../src/base/log';
import type { Limits } from '../../../src/diagnosis/diagnose';
import { Diagnoser } from '../../../src/diagnosis/diagnose';
import type { DiagnoseRequest } from '../../../src/diagnosis/diagnose';
import { Engine } from '../../../src/diagnosis/engine';
import type {
  DiagnosisPorts,
  Historian,
  Planner,
  Suggestion,
  ToolLease,
  ToolServers,
} from '../../../src/diagnosis/ports';
import type { Answer } from '../../../src/diagnosis/run';
import type { Incident } from '../../../src/incident/incident';
import type { Plan, Proposal } from '../../../src/incident/proposal';
import { playbookJudge } from '../../../src/playbooks/judge';
import { IncidentStore } from '../../../src/store/incidentStore';
import { projectRoot } from '../../harness/paths';
import { temporaryFolder } from '../../harness/temporary';

const log = (name: string) =>
  readFileSync(join(projectRoot, 'media', 'sample', 'logs', name), 'utf8');

/** A container that was killed for memory: a root cause with a change. */
export const killedLog = log('grafana-oom.log');
/** Requests time out and nothing says why. */
export const unclearLog = timeouts('payments');
export const healthyLog = log('healthy.log');

/** What a service prints whose requests time out. */
export function timeouts(service: string): string {
  return `2026-11-21T10:00:00Z ERROR ${service}: request timed out after 30s\n`.repeat(2);
}

export const never = new AbortController().signal;

export const proposal: Proposal = {
  kind: 'values-edit',
  title: 'raise memory limit to 1Gi',
  files: [{ path: 'helm-values/grafana/values.yaml', edits: [], diff: '', baseDigest: '' }],
  reason: 'It was killed at its limit.',
  formula: null,
  warnings: [],
};

export const approved: Answer = {
  kind: 'approved',
  by: 'Sam <sam@example.com>',
  at: '2026-11-21T11:00:00.000Z',
  values: {},
  commit: null,
  branch: null,
};

export const rejected: Answer = {
  kind: 'rejected',
  by: 'Sam <sam@example.com>',
  at: '2026-11-21T11:00:00.000Z',
  reason: 'The leak is known.',
};

export const input = { roots: [], useServers: true, allowStart: false };

/** The real store and checkpoints over a temporary folder; the other rooms are played. */
export class World implements AsyncDisposable {
  /** What the other rooms were asked for, in order. */
  readonly asked: string[] = [];
  plan: (signal: AbortSignal) => Promise<Plan> = () =>
    Promise.resolve({ kind: 'proposal', proposal });
  /** Servers of the catalogue that fit. */
  suggestions: readonly Suggestion[] = [];
  prepare: (server: string) => Promise<void> = () => Promise.resolve();
  lease: ToolServers['lease'] = () => Promise.resolve(this.answering(() => 'nothing new'));
  commit: Historian['commit'] = () => Promise.resolve({ sha: 'c0ffee', branch: 'main', notes: [] });
  changes: Historian['changesBefore'] = () => Promise.resolve([]);
  models: DiagnosisPorts['models'] = {
    model: () => Promise.resolve(null),
    budget: () => ({ turns: 8, tokens: 200_000, seconds: 60, dollars: 1 }),
    onProgress: () => undefined,
  };
  limits: Limits = { running: 3, open: 10 };

  private constructor(
    readonly store: IncidentStore,
    private readonly remove: () => Promise<void>,
  ) {}

  static async make(): Promise<World> {
    const folder = await temporaryFolder('diagnosis');
    const store = await IncidentStore.open(folder.path);
    return new World(store, async () => {
      store.dispose();
      await folder.remove();
    });
  }

  /** An engine as a process that starts now has it: everything it knows lies on disk. */
  engine(store: Partial<DiagnosisPorts['records']> = {}): Engine {
    return new Engine(this.ports(store));
  }

  diagnoser(): Diagnoser {
    const options = { limits: () => this.limits, workerScript: '' };
    return new Diagnoser(this.ports(), this.engine(), options);
  }

  ports(store: Partial<DiagnosisPorts['records']> = {}): DiagnosisPorts {
    const planner: Planner = {
      plan: (_, signal) => {
        this.asked.push('plan');
        return this.plan(signal);
      },
    };
    return {
      clock: systemClock,
      log: silentLog,
      records: overlaid(this.store, store),
      judge: playbookJudge(''),
      planner,
      servers: {
        suggest: (_, allowStart) =>
          Promise.resolve(
            this.suggestions.map((each) => (allowStart ? { ...each, leave: null } : each)),
          ),
        prepare: (_, server) => {
          this.asked.push(`prepare ${server}`);
          return this.prepare(server);
        },
        lease: (...wanted) => {
          this.asked.push('lease');
          return this.lease(...wanted);
        },
      },
      models: this.models,
      history: {
        changesBefore: (...wanted) => this.changes(...wanted),
        commit: (...wanted) => {
          this.asked.push('commit');
          return this.commit(...wanted);
        },
      },
    };
  }

  /** A queued incident that holds the text. */
  async queued(text: string): Promise<string> {
    const { id } = await this.store.begin(
      { ...draft, fingerprint: text.slice(0, 200) },
      [{ text: evidence('app.log', text), totalBytes: text.length }],
      { forceNew: true },
    );
    return id;
  }

  /** An incident that waits for its person. */
  async waiting(): Promise<string> {
    const id = await this.queued(killedLog);
    await this.engine().run(id, input, never);
    return id;
  }

  async load(id: string): Promise<Incident> {
    return await this.store.load(id);
  }

  /** A lease whose servers answer what `answer` gives, or fail with what it throws. */
  answering(answer: (server: string, tool: string) => string): ToolLease {
    return {
      tools: () => [],
      call: (server, tool) => {
        this.asked.push(`${server}/${tool}`);
        return Promise.resolve().then(() => ({
          text: answer(server, tool),
          structured: null,
          isError: false,
        }));
      },
      release: () => this.asked.push('release'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }
}

const draft = {
  trigger: 'app.log',
  repository: '/repository',
  root: '/repository',
  place: { context: null, namespace: null, application: null, valuesFile: null },
};

export function evidence(source: string, text: string) {
  const lines = text.split('\n').map((each, index) => ({ number: index + 1, text: each }));
  return { source, lines, complete: true, totalLines: lines.length };
}

export function request(text: string, more: Partial<DiagnoseRequest> = {}): DiagnoseRequest {
  return {
    sources: [{ kind: 'text', source: 'app.log', text }],
    trigger: 'app.log',
    repository: '/repository',
    roots: ['/repository'],
    place: {},
    useServers: true,
    allowStart: false,
    forceNew: false,
    byPerson: true,
    ...more,
  };
}

/** The store with some of its methods replaced. */
function overlaid(
  store: IncidentStore,
  over: Partial<DiagnosisPorts['records']>,
): DiagnosisPorts['records'] {
  return {
    begin: (...given) => store.begin(...given),
    load: (id) => store.load(id),
    update: (...given) => store.update(...given),
    addEvidence: (...given) => store.addEvidence(...given),
    readEvidence: (id) => store.readEvidence(id),
    isRunning: (id) => store.isRunning(id),
    runLock: (...given) => store.runLock(...given),
    folder: (id) => store.folder(id),
    ...over,
  };
}

/** A promise and its end. */
export function held<T = void>() {
  let finish: (value: T) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const done = new Promise<T>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  return { done, finish, fail };
}

/** Waits for a condition that other promises bring about. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
    if (tries > 50) await new Promise((resolve) => realTimeout(resolve, 5));
  }
  throw new Error('It did not come to pass.');
}

const realTimeout = globalThis.setTimeout;
