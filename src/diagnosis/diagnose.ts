import { messageOf, WarRoomError } from '../base/errors';
import type { Incident, Objection, Place } from '../incident/incident';
import { maskLine } from '../intake/masking/mask';
import { readLogs } from '../intake/readLog';
import type { IntakeOptions, LogSource } from '../intake/source';
import { prefilterPatterns } from '../playbooks/signals';
import type { ModelSpent } from './analysts/spent';
import type { Engine, RunInput } from './engine';
import { Gate } from './gate';
import { requireDiagnosable, withObjection } from './objections';
import type { DiagnosisPorts, IncidentDraft, MaskedText } from './ports';

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
  /** Servers that were never run here start without a question. */
  allowStart: boolean;
  /** A new incident even when one with the same fingerprint is open. */
  forceNew: boolean;
  /** What a person asked for goes before what was watched. */
  byPerson: boolean;
  onProgress?: (progress: Progress) => void;
}

/**
 * How far a diagnosis has come before its incident exists and tells by its state, and what it spends
 * on a language model.
 */
export type Progress =
  | { step: 'waiting' }
  | { step: 'reading'; bytes: number; totalBytes: number | null }
  | { step: 'opened'; id: string }
  | { step: 'model'; id: string; spent: ModelSpent };

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
      const read = await this.read(request, signal);
      const { id, isNew } = await this.ports.records.begin(read.draft, read.texts, request);
      request.onProgress?.({ step: 'opened', id });
      try {
        return await this.running.pass(turn, () =>
          isNew ? this.engine.run(id, request, signal) : this.goOn(id, request, read, signal),
        );
      } catch (error) {
        await this.giveUp(id, error, signal);
        throw error;
      }
    });
  }

  /**
   * Runs an incident again from its start with what its person says against the last answer.
   * @throws code `wrong-state` when it cannot be diagnosed again as it stands, `cancelled`
   */
  async again(
    id: string,
    objection: Objection,
    input: RunInput,
    signal: AbortSignal,
  ): Promise<Incident> {
    const { records } = this.ports;
    requireDiagnosable(await records.load(id));
    const turn = { first: true, signal };
    const object = async () => {
      await records.update(id, (incident) => withObjection(incident, objection));
      return true;
    };
    return await this.open.pass(turn, () =>
      this.running.pass(turn, () => this.engine.goOn(id, input, object, signal)),
    );
  }

  /** Goes on with what a crash or a reload interrupted. */
  async resume(id: string, signal: AbortSignal): Promise<Incident> {
    return await this.running.pass({ first: true, signal }, () => this.engine.resume(id, signal));
  }

  /** Reads and masks all that was asked about; nothing is stored yet. */
  private async read(request: DiagnoseRequest, signal: AbortSignal): Promise<Read> {
    const start = this.ports.clock.monotonic();
    const { results, fingerprint } = await readLogs(
      request.sources,
      this.intakeOptions(request, signal),
    );
    const took = Math.round(this.ports.clock.monotonic() - start);
    const notes = [...new Set(results.flatMap((result) => result.notes))];
    return { draft: draftOf(request, { fingerprint, notes, took }), texts: results };
  }

  /** The same failure again: its open incident goes on, with what is new of it. */
  private async goOn(
    id: string,
    request: DiagnoseRequest,
    { draft, texts }: Read,
    signal: AbortSignal,
  ): Promise<Incident> {
    const add = () => this.addEvidence(id, texts, draft.notes);
    const incident = await this.engine.goOn(id, request, add, signal);
    const { valuesFile } = request.place;
    const meansOther = valuesFile && valuesFile !== incident.place.valuesFile;
    if (!meansOther || incident.state !== 'awaiting-approval') return incident;
    return await this.engine.answer(id, { kind: 'choose', valuesFile }, signal);
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
  private async addEvidence(
    id: string,
    texts: readonly MaskedText[],
    notes: readonly string[],
  ): Promise<boolean> {
    const { records } = this.ports;
    const before = (await records.load(id)).evidence.length;
    for (const { text, totalBytes } of texts) await records.addEvidence(id, text, totalBytes);
    const { evidence } = await records.update(id, (incident) => ({
      ...incident,
      notes: [...new Set([...incident.notes, ...notes])],
    }));
    return evidence.length > before;
  }

  /** Cancelled before its turn came. What runs elsewhere goes on there. */
  private async giveUp(id: string, error: unknown, signal: AbortSignal): Promise<void> {
    if (!WarRoomError.is(error, 'cancelled') || WarRoomError.is(signal.reason, 'closing')) return;
    if (await this.ports.records.isRunning(id)) return;
    await this.ports.records.update(id, (incident) =>
      incident.state === 'queued'
        ? {
            ...incident,
            state: 'cancelled',
            outcome: 'failed',
            error: { code: 'cancelled', message: messageOf(error) },
          }
        : incident,
    );
  }
}

/** What was read, not stored yet. */
interface Read {
  draft: IncidentDraft;
  texts: readonly MaskedText[];
}

function draftOf(
  { trigger, repository, roots, place }: DiagnoseRequest,
  read: { fingerprint: string; notes: readonly string[]; took: number },
): IncidentDraft {
  const unknown: Place = { context: null, namespace: null, application: null, valuesFile: null };
  return {
    // A file's name may hold a secret, as a line may.
    trigger: maskLine(trigger),
    repository,
    root: roots[0] ?? '',
    fingerprint: read.fingerprint,
    place: { ...unknown, ...place },
    notes: read.notes,
    timings: { intake: read.took },
  };
}
