import type { ErrorCode } from '../base/errors';
import type { Advice, Hypothesis, RootCause } from './analysis';
import type { Category, Severity } from './category';
import type { ActionRun } from './clusterAction';
import type { Citation, EvidenceReference } from './evidence';
import type { LeaveRequest } from './leave';
import type { ModelUse } from './modelUse';
import type { Decision, Proposal } from './proposal';
import type { Rollout } from './rollout';
import type { IncidentState } from './state';

/** Where an incident happens. What is null is not known, and never guessed from the machine's settings. */
export interface Place {
  context: string | null;
  namespace: string | null;
  application: string | null;
  /** Relative to the repository's root. */
  valuesFile: string | null;
}

/** How a run ended, in the command line's words. */
export type Outcome =
  | 'no-incident'
  | 'insufficient-evidence'
  | 'proposed'
  | 'advised'
  | 'committed'
  | 'rejected'
  | 'failed';

/** Everything that is kept of one incident; the store holds it as JSON. Times are ISO 8601 in UTC. */
export interface Incident {
  schema: 1;
  id: string;
  state: IncidentState;
  createdAt: string;
  updatedAt: string;
  /** What was selected, in a person's words: "grafana.log, lines 12-40". */
  trigger: string;
  /** Root of the repository that the incident belongs to; null when there is none. */
  repository: string | null;
  /** What paths of files are relative to: the repository's root, without one the workspace folder. */
  root: string;
  place: Place;
  category: Category | null;
  severity: Severity | null;
  app: string | null;
  keywords: readonly string[];
  /** Same for the same failure over pod suffixes, times, ids and addresses; hex. */
  fingerprint: string;
  evidence: readonly EvidenceReference[];
  rootCause: RootCause | null;
  hypotheses: readonly Hypothesis[];
  /** Of a run that could not decide: the lines that show that something is wrong; none in incidents of older versions. */
  symptoms?: readonly Citation[];
  /** What to collect next. */
  missing: readonly string[];
  /** What could not be looked at and why: no cluster, no engine … */
  unchecked: readonly string[];
  advice: Advice | null;
  /** Servers that wait for leave to start. */
  leave: readonly LeaveRequest[];
  proposal: Proposal | null;
  /** What the person typed in the diff in place of proposed values, by `typedKey`. */
  typed: Readonly<Record<string, string>>;
  /** What its person said against earlier answers; the next run heeds it. Oldest first. */
  objections?: readonly Objection[];
  /** Values files of which one must be chosen before there can be a proposal. */
  candidates: readonly { path: string; why: string }[];
  decision: Decision | null;
  /** The approved change lies in the working tree and the index, not yet in a commit. */
  accepted: AcceptedChange | null;
  /** The approved action in the cluster, from the moment before it was made. */
  acted?: ActionRun;
  commit: string | null;
  branch: string | null;
  /** The pod and the container that failed, where the evidence names them. */
  failing?: { pod: string | null; container: string | null };
  /** What became of the commit; missing before there is one, and in incidents of older versions. */
  rollout?: Rollout;
  /** The commit that took the fix back, who wanted it, and why. */
  reverted?: { commit: string; by: string; at: string; reason: string };
  /** The commit that recorded how it ended, and the state that was recorded. */
  recorded?: { commit: string; state: IncidentState };
  /** What language models took, oldest first; missing where none was asked. */
  modelUse?: readonly ModelUse[];
  /** What a person should be told besides: how a large log was read, what a hook did to a commit. */
  notes: readonly string[];
  outcome: Outcome | null;
  error: { code: ErrorCode; message: string } | null;
  /** Milliseconds by step. */
  timings: Readonly<Record<string, number>>;
  timeline: readonly { at: string; state: IncidentState; note: string }[];
}

/** A person's word against what a run said. */
export interface Objection {
  at: string;
  by: string;
  /** In the person's words, masked. */
  note: string;
  /** The category that the person rules out as the cause; null: only the change was not right. */
  not: Category | null;
}

/** What Accept did, so that one undo can put it back. */
export interface AcceptedChange {
  at: string;
  by: string;
  /** Typed values, as in the decision. */
  values: Readonly<Record<string, string>>;
  files: readonly {
    path: string;
    /** SHA-256 of the file's bytes after Accept: another digest means that it was edited since. */
    appliedDigest: string;
  }[];
  /** Whether the change was staged, and the branch that was current. */
  staged: boolean;
  branch: string | null;
}
