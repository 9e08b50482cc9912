import type { Advice } from './analysis';
import type { ClusterAction, WantedAction } from './clusterAction';

/** A change that waits for a person. Nothing of it has happened yet. */
export interface Proposal {
  kind: 'values-edit' | 'cluster-action' | 'revert';
  /** What the commit's subject says, for example "raise memory limit to 1Gi". */
  title: string;
  files: readonly FileChange[];
  /** Files that were proposed too and that the person left out when they accepted the others. */
  leftOut?: readonly FileChange[];
  /** What is done in the cluster; only of the kind `cluster-action`, which changes no file. */
  action?: ClusterAction;
  /** Why this change cures the root cause. */
  reason: string;
  /** The formula with its inputs filled in, or null where there is none. */
  formula: string | null;
  /** What the person should know before accepting, for example that others share an anchor. */
  warnings: readonly string[];
  /**
   * What the change does to the manifests that Helm renders, as a unified diff without Secrets, or
   * why they were not rendered; left out where Helm or the chart is not there.
   */
  rendered?: { diff: string } | { missing: string };
}

/** The change of one file. */
export interface FileChange {
  /** Relative to the repository's root, with `/`. */
  path: string;
  edits: readonly ScalarEdit[];
  /** Unified diff that `git apply` takes at the repository's root. */
  diff: string;
  /** SHA-256 (hex) of the file's bytes when the proposal was made: another digest means it is stale. */
  baseDigest: string;
}

/**
 * The change of one scalar, or of one that is added with whatever is missing on the way to it. A
 * list's new entry is at the position of its length. The path goes on inside a literal block (`|`)
 * that itself holds YAML.
 */
export interface ScalarEdit {
  /** Keys and list positions from the document's root. */
  keyPath: readonly (string | number)[];
  /** Source text of the scalar before, with its quotes; null when the key is added. */
  before: string | null;
  /** Source text of the scalar after, with its quotes. */
  after: string;
  /**
   * Position of the YAML document in a file of several, from 0; left out for a values file, of which
   * Helm reads the first alone.
   */
  document?: number;
  /** Nothing here knows the value: what the person has to type. `after` is then a placeholder. */
  hole?: string;
}

/** What planning ends in. */
export type Plan =
  | { kind: 'proposal'; proposal: Proposal }
  /** More than one file could be meant: the person chooses once, the choice is remembered. */
  | { kind: 'choose'; candidates: readonly { path: string; why: string }[] }
  /** Perhaps with a remedy in the cluster, which is proposed where the cluster allows it. */
  | { kind: 'advice'; advice: Advice; action?: WantedAction };

/** What a person said to a proposal. */
export type Decision =
  | {
      kind: 'approved';
      by: string;
      at: string;
      /** Values that the person typed in place of the proposed ones, by `typedKey`. */
      values: Readonly<Record<string, string>>;
      /** The commit that already holds the change, when it was made elsewhere. */
      commit: string | null;
      branch: string | null;
    }
  | { kind: 'rejected'; by: string; at: string; reason: string };
