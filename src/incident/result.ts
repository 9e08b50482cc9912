import type { ErrorCode } from '../base/errors';
import { callOf } from './clusterAction';
import type { Incident, Outcome } from './incident';

/**
 * A diagnosis for programs: what `war-room diagnose --json` prints and the editor's agents get. Every
 * key is always there (docs/cli.md).
 */
export interface DiagnoseResult {
  incident: {
    id: string | null;
    category: string | null;
    severity: string | null;
    app: string | null;
    keywords: readonly string[];
    status: string | null;
    fingerprint: string | null;
  };
  rootCause: {
    summary: string;
    confidence: number;
    mechanism: string | null;
    evidence: readonly { source: string; line: number; text: string }[];
    changes: readonly string[];
  } | null;
  hypotheses: readonly { category: string; confidence: number; why: string }[];
  missing: readonly string[];
  proposal: {
    kind: string;
    files: readonly { path: string; diff: string }[];
    /** Of a change in the cluster alone: the exact call, with what is now and after it. */
    action?: { call: string; now: string; after: string };
    reason: string;
    formula: string | null;
  } | null;
  outcome: Outcome;
  commit: string | null;
  error: { code: ErrorCode; message: string } | null;
  timings: Readonly<Record<string, number>>;
}

/** The result of a run, in the words of the command line. */
export function resultOf(incident: Incident): DiagnoseResult {
  const { id, category, severity, app, keywords, state, fingerprint, proposal } = incident;
  return {
    incident: { id, category, severity, app, keywords, status: state, fingerprint },
    rootCause: incident.rootCause && {
      summary: incident.rootCause.summary,
      confidence: incident.rootCause.confidence,
      mechanism: incident.rootCause.mechanism,
      evidence: incident.rootCause.evidence.map(({ source, line, text }) => ({
        source,
        line,
        text,
      })),
      changes: incident.rootCause.changes,
    },
    hypotheses: incident.hypotheses.map(({ category: slug, confidence, why }) => ({
      category: slug,
      confidence,
      why,
    })),
    missing: incident.missing,
    proposal: proposal && {
      kind: proposal.kind,
      files: proposal.files.map(({ path, diff }) => ({ path, diff })),
      ...(proposal.action && {
        action: {
          call: callOf(proposal.action),
          now: proposal.action.now,
          after: proposal.action.after,
        },
      }),
      reason: proposal.reason,
      formula: proposal.formula,
    },
    outcome: incident.outcome ?? 'failed',
    commit: incident.commit,
    error: incident.error,
    timings: incident.timings,
  };
}

/** The result when there was not even an incident. */
export function resultOfError(error: { code: ErrorCode; message: string }): DiagnoseResult {
  return {
    incident: {
      id: null,
      category: null,
      severity: null,
      app: null,
      keywords: [],
      status: null,
      fingerprint: null,
    },
    rootCause: null,
    hypotheses: [],
    missing: [],
    proposal: null,
    outcome: 'failed',
    commit: null,
    error,
    timings: {},
  };
}
