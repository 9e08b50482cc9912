import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import type { PoolStatus } from '../../src/pool/status';
import { spawnGroup } from '../harness/process';
import type { Outcome, Task, WorkerPlan } from './worker';

type Call = Extract<Task, { kind: 'call' }>;
/** What is not told is as a person in a hurry would have it. */
export type Wish = Pick<Call, 'server'> & Partial<Omit<Call, 'id' | 'kind' | 'server'>>;

/** A worker process, from outside. */
export class Window {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (outcome: Outcome) => void>();
  private lastId = 0;
  private isKilled = false;
  /** Fulfilled when its process has ended. */
  readonly ended: Promise<unknown>;

  constructor(script: string, plan: WorkerPlan, host: string) {
    this.child = spawnGroup(process.execPath, [script, JSON.stringify(plan)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, DOCKER_HOST: host },
    });
    this.ended = once(this.child, 'exit').then(() => {
      for (const [id, tell] of this.waiting) tell({ id, code: 'gone' });
    });
    this.child.stdin?.on('error', () => undefined);
    if (!this.child.stdout) throw new Error('A worker without an output.');
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const outcome = JSON.parse(line) as Outcome;
      this.waiting.get(outcome.id)?.(outcome);
      this.waiting.delete(outcome.id);
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isAlive(): boolean {
    return !this.isKilled && this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    // Dead from now on, also before its end is heard of.
    this.isKilled ||= signal === 'SIGKILL';
    this.child.kill(signal);
  }

  /** Fulfilled when it takes tasks. */
  async ready(): Promise<void> {
    await this.hear(0);
  }

  /** Leases, calls and gives back; an error is an outcome too. */
  async call(wish: Wish): Promise<Outcome> {
    const usual = { tool: 'get_it', arguments: {}, leaseMs: 20_000, callMs: 5_000, holdMs: 0 };
    return await this.do({ ...usual, ...wish, kind: 'call', id: ++this.lastId });
  }

  /** The status of the pool as it sees it; null when it has gone. */
  async status(): Promise<PoolStatus | null> {
    const { answer } = await this.do({ kind: 'status', id: ++this.lastId });
    return (answer as PoolStatus | undefined) ?? null;
  }

  private async do(task: Task): Promise<Outcome> {
    if (!this.isAlive) return { id: task.id, code: 'gone' };
    const outcome = this.hear(task.id);
    this.child.stdin?.write(`${JSON.stringify(task)}\n`);
    return await outcome;
  }

  private hear(id: number): Promise<Outcome> {
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }
}
