import type { Analysis, Question } from '../incident/analysis';
import type { EvidenceReference, EvidenceText } from '../incident/evidence';
import type { Incident, Place } from '../incident/incident';
import type { LeaveRequest } from '../incident/leave';
import type { Decision, Plan } from '../incident/proposal';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { ChatModel } from './analysts/model';
import type { ModelBudget, ModelSpent } from './analysts/spent';
import type { Judge } from '../playbooks/judge';

/** What the diagnosis needs of the other rooms; `warRoom.ts` hands the implementations in. */
export interface DiagnosisPorts {
  clock: Clock;
  log: Log;
  records: IncidentRecords;
  servers: ToolServers;
  planner: Planner;
  history: Historian;
  /** The playbooks. */
  judge: Judge;
  models: Models;
}

/** The language model that helps the playbooks, where a person wants one. */
export interface Models {
  /**
   * The model, after the person was told what is sent where; null where none is wanted.
   * @throws code `model-denied` with what is missing
   */
  model(signal: AbortSignal): Promise<ChatModel | null>;
  /** What one diagnosis may spend. */
  budget(): ModelBudget;
  /** Hears what a diagnosis has spent so far. */
  onProgress(incident: string, spent: ModelSpent): void;
}

/** Text to be stored, and the bytes that its original has. */
export interface MaskedText {
  text: EvidenceText;
  totalBytes: number;
}

/** What is known when an incident begins. */
export type IncidentDraft = Pick<
  Incident,
  'trigger' | 'repository' | 'root' | 'place' | 'fingerprint' | 'notes' | 'timings'
>;

/** The incidents on disk. */
export interface IncidentRecords {
  /**
   * The newest open incident with the draft's fingerprint, or a new one in state `queued` that
   * holds `evidence` from its first moment. One process at a time looks, so one failure that is
   * diagnosed twice at once has one incident.
   * @param options.forceNew begins one even where there is an open one
   */
  begin(
    draft: IncidentDraft,
    evidence: readonly MaskedText[],
    options: { forceNew: boolean },
  ): Promise<{ id: string; isNew: boolean }>;
  load(id: string): Promise<Incident>;
  /**
   * Writes what `change` returns, atomically and one writer at a time.
   * @throws code `wrong-state` when the new state may not follow the old one
   */
  update(id: string, change: (incident: Incident) => Incident): Promise<Incident>;
  /** Stores masked text, content-addressed and within the incident's cap, and adds it to the incident. */
  addEvidence(id: string, text: EvidenceText, totalBytes: number): Promise<EvidenceReference>;
  readEvidence(id: string): Promise<EvidenceText[]>;
  /** True while a living process runs the incident. */
  isRunning(id: string): Promise<boolean>;
  /**
   * The right to run this incident, for one run at a time over all processes.
   * @throws code `locked` when another has it and keeps it for `waitMs`, `cancelled`
   */
  runLock(id: string, waitMs: number, signal: AbortSignal): Promise<{ release(): Promise<void> }>;
  /** The incident's own folder, for checkpoints. */
  folder(id: string): string;
}

/** MCP servers, leased for one step. */
export interface ToolServers {
  /**
   * Servers of the catalogue that may tell more of an incident than the bundled ones do, best
   * first. Nothing is started for it.
   * @param allowStart the person has said beforehand that servers may start: none asks for leave
   */
  suggest(
    incident: Incident,
    allowStart: boolean,
    signal: AbortSignal,
  ): Promise<readonly Suggestion[]>;
  /**
   * Makes what a server needs to start at once: its image.
   * @throws code `image-failed`, `engine-unavailable`, `leave-needed`, with what to do
   */
  prepare(holder: Holder, server: string, signal: AbortSignal): Promise<void>;
  /**
   * Leases all of `servers` or none, waiting in the queue until `deadlineMs` have passed.
   * @throws code `server-failed` when one does not start, `pool-full` when the deadline passed in the queue
   */
  lease(
    holder: Holder,
    servers: readonly string[],
    options: { deadlineMs: number; signal: AbortSignal },
  ): Promise<ToolLease>;
}

/** Who leases: an incident, with the place that it belongs to. */
export interface Holder {
  id: string;
  /** Context of the kubeconfig; null where it is not known. */
  context: string | null;
}

/** A server that fits an incident. */
export interface Suggestion {
  server: string;
  /** 0 to 100. */
  score: number;
  /** What to ask it; every call only reads. */
  looks: readonly Question[];
  /** What a person is asked before it starts; null when it may. */
  leave: LeaveRequest | null;
  /** Why it cannot be asked and what to do for it, in one sentence; null when it can. */
  unavailable: string | null;
}

export interface ToolLease {
  /** The tools of a leased server, as it listed them. */
  tools(server: string): readonly ListedTool[];
  /**
   * Calls a tool of a leased server. What the tool answers as an error comes back with `isError`.
   * @param options.approved a person approved exactly this call, so that its server's question is
   *   answered yes; a call is never made twice where its tool changes something
   * @throws code `server-failed` when the server died twice, `deadline`, `cancelled`
   */
  call(
    server: string,
    tool: string,
    arguments_: Readonly<Record<string, unknown>>,
    options: { deadlineMs: number; signal: AbortSignal; approved?: boolean },
  ): Promise<ToolAnswer>;
  /** Gives every server back; a second call does nothing. */
  release(): void;
}

/** A tool as its server lists it. */
export interface ListedTool {
  name: string;
  description: string;
  /** JSON schema of its arguments. */
  inputSchema: Readonly<Record<string, unknown>>;
  /** True when the server says that it only reads. */
  readOnly: boolean;
}

export interface ToolAnswer {
  /** The text contents joined by line ends. Not masked yet. */
  text: string;
  structured: unknown;
  isError: boolean;
}

/** Finds the file and the edit that cure the root cause. */
export interface Planner {
  plan(request: PlanRequest, signal: AbortSignal): Promise<Plan>;
}

export interface PlanRequest {
  analysis: Analysis;
  app: string | null;
  place: Place;
  /** Root of the repository and the further workspace roots, absolute. */
  roots: readonly string[];
}

/** The repository's history. */
export interface Historian {
  /** Commits that touched the app's chart or values in the 24 h before `before`, newest first, one line each. */
  changesBefore(
    repository: string,
    app: string | null,
    before: Date,
    signal: AbortSignal,
  ): Promise<string[]>;
  /**
   * Commits the approved change with the incident's folder, exactly once: a commit that already
   * holds it is found and returned.
   */
  commit(
    incident: Incident,
    decision: Extract<Decision, { kind: 'approved' }>,
    evidence: readonly EvidenceText[],
    signal: AbortSignal,
  ): Promise<CommitResult>;
}

export interface CommitResult {
  sha: string;
  branch: string | null;
  /** What the person should be told, for example that a hook's reformatting was left out. */
  notes: readonly string[];
}
