import { messageOf, WarRoomError } from '../base/errors';
import type { Incident, Place } from '../incident/incident';
import { readLogs, type IntakeResult } from '../intake/readLog';
import type { IntakeOptions, LogSource } from '../intake/source';
import { prefilterPatterns } from '../playbooks/signals';
import type { Engine } from './engine';
import { Gate } from './gate';
import type { DiagnosisPorts } from './ports';

/** What a person, or a watcher, asks to have diagnosed. */
export interface DiagnoseRequest {
  /** The log first, then further evidence. */
  sources: readonly LogSource[];
  /** What was selected, in a person's words. */
  trigger: string;
  repository: string | null;
  roots: readonly string[];
  /** What is known of the place beforehand. */
  place: Partial<Place>;
  /** False: no server is started. */
  useServers: boolean;
  /** A new incident even when one with the same fingerprint is open. */
  forceNew: boolean;
  /** What a person asked for goes before what was watched. */
  byPerson: boolean;
  onProgress?: (progress: Progress) => void;
}

/** How far a diagnosis has come before its incident exists and tells by its state. */
export type Progress =
  | { step: 'waiting' }
  | { step: 'reading'; bytes: number; totalBytes: number | null }
  | { step: 'opened'; id: string };

export interface Limits {
  /** Diagnoses that run at once. */
  running: number;
  /** Diagnoses that are queued or running at once. */
  open: number;
}

/** Takes requests in, reads and masks what they bring, and has the engine run them in order. */
export class Diagnoser {
  private readonly open: Gate;
  private readonly running: Gate;

  constructor(
    private readonly ports: DiagnosisPorts,
    private readonly engine: Engine,
    private readonly options: { limits: () => Limits; workerScript: string },
  ) {
    this.open = new Gate(() => options.limits().open);
    this.running = new Gate(() => options.limits().running);
  }

  /**
   * Reads the log and runs its incident until that ends or waits for a person.
   * @throws code `empty-log`, `binary-log`, `unreadable-log`, `cancelled`
   */
  async diagnose(request: DiagnoseRequest, signal: AbortSignal): Promise<Incident> {
    request.onProgress?.({ step: 'waiting' });
    const turn = { first: request.byPerson, signal };
    return await this.open.pass(turn, async () => {
      const { id, isNew } = await this.intake(request, signal);
      request.onProgress?.({ step: 'opened', id });
      if (!isNew && !(await this.runsAgain(id))) return await this.ports.records.load(id);
      try {
        return await this.running.pass(turn, () => this.engine.run(id, request, signal));
      } catch (error) {
        await this.giveUp(id, error);
        throw error;
      }
    });
  }

  /** Goes on with what a crash or a reload interrupted. */
  async resume(id: string, signal: AbortSignal): Promise<Incident> {
    return await this.running.pass({ first: true, signal }, () => this.engine.resume(id, signal));
  }

  private async intake(
    request: DiagnoseRequest,
    signal: AbortSignal,
  ): Promise<{ id: string; isNew: boolean }> {
    const start = this.ports.clock.monotonic();
    const { results, fingerprint } = await readLogs(
      request.sources,
      this.intakeOptions(request, signal),
    );
    const { records } = this.ports;
    const known = request.forceNew ? undefined : await records.findOpenByFingerprint(fingerprint);
    const { id } = known ?? (await records.create(draftOf(request, fingerprint)));
    const added = await this.addEvidence(id, results);
    const took = Math.round(this.ports.clock.monotonic() - start);
    await records.update(id, (incident) => ({
      ...incident,
      notes: [...new Set([...incident.notes, ...results.flatMap(({ notes }) => notes)])],
      timings: { ...incident.timings, intake: (incident.timings['intake'] ?? 0) + took },
    }));
    if (known && added) await this.queueAgain(id);
    return { id, isNew: !known };
  }

  private intakeOptions(request: DiagnoseRequest, signal: AbortSignal): IntakeOptions {
    return {
      patterns: prefilterPatterns(),
      signal,
      workerScript: this.options.workerScript,
      onProgress: (bytes, totalBytes) =>
        request.onProgress?.({ step: 'reading', bytes, totalBytes }),
    };
  }

  /** True when something was added that the incident did not hold. */
  private async addEvidence(id: string, results: readonly IntakeResult[]): Promise<boolean> {
    const { records } = this.ports;
    const before = (await records.load(id)).evidence.length;
    for (const { text, totalBytes } of results) await records.addEvidence(id, text, totalBytes);
    return (await records.load(id)).evidence.length > before;
  }

  /** Other evidence of an open incident: it runs again there, unless its change is already accepted. */
  private async queueAgain(id: string): Promise<void> {
    await this.ports.records.update(id, (incident) =>
      incident.state === 'awaiting-approval'
        ? { ...incident, state: 'queued', proposal: null, candidates: [], outcome: null }
        : incident,
    );
  }

  /** An open incident that nobody runs: queued again, or left by a process that died. */
  private async runsAgain(id: string): Promise<boolean> {
    const { state } = await this.ports.records.load(id);
    return state === 'queued' && !(await this.ports.records.isRunning(id));
  }

  private async giveUp(id: string, error: unknown): Promise<void> {
    if (!WarRoomError.is(error, 'cancelled')) return;
    await this.ports.records.update(id, (incident) => ({
      ...incident,
      state: 'cancelled',
      outcome: 'failed',
      error: { code: 'cancelled', message: messageOf(error) },
    }));
  }
}

function draftOf({ trigger, repository, roots, place }: DiagnoseRequest, fingerprint: string) {
  const unknown: Place = { context: null, namespace: null, application: null, valuesFile: null };
  return {
    trigger,
    repository,
    root: roots[0] ?? '',
    fingerprint,
    place: { ...unknown, ...place },
  };
}
