import type { Category, Severity } from './category';
import type { Citation } from './evidence';

/**
 * What an analyst says of the evidence. `incident` has a root cause; `no-incident` is a healthy
 * log; `insufficient-evidence` names in `missing` what would decide.
 */
export interface Analysis {
  verdict: 'incident' | 'no-incident' | 'insufficient-evidence';
  category: Category | null;
  severity: Severity | null;
  rootCause: RootCause | null;
  /** Best first; of several that fit, the deepest cause. */
  hypotheses: readonly Hypothesis[];
  /** Where the verdict is `insufficient-evidence`: lines that show that something is wrong, though not what. */
  symptoms?: readonly Citation[];
  /** What to collect next, in words with the exact command. */
  missing: readonly string[];
  /** Read-only tool calls that would confirm or separate the best hypotheses, cheapest first. */
  questions: readonly Question[];
  facts: Facts;
  keywords: readonly string[];
  /** When the root cause was first seen, ISO 8601 in UTC, where the evidence tells. */
  onset?: string;
  /** What to do when no file can be changed for it; commands are to copy, never run. */
  advice: Advice | null;
  /** A language model named the cause and no rule confirms it, so no file is changed for it. */
  byModelAlone?: boolean;
}

export interface RootCause {
  /** What broke and why, two sentences at most. */
  summary: string;
  /** 0 to 1. */
  confidence: number;
  /** How, where the category names a peer: for example `connection-refused`; else null. */
  mechanism: string | null;
  evidence: readonly Citation[];
  /** What changed before the onset: commits and rollouts, newest first. */
  changes: readonly string[];
}

export interface Hypothesis {
  category: Category;
  /** 0 to 1. */
  confidence: number;
  why: string;
}

/** A call of a tool that reads, and never changes, something. */
export interface Question {
  /** Name in the catalogue; the playbooks ask the bundled stats, kubectl and logs. */
  server: string;
  tool: string;
  arguments: Readonly<Record<string, string | number | boolean>>;
  /** What the answer would decide. */
  why: string;
  /**
   * Regular expressions for lines of the answer that are facts worth citing. Such an answer tells
   * how things are and is no log, so it is not searched for failures.
   */
  cites?: readonly string[];
}

export interface Advice {
  summary: string;
  commands: readonly { title: string; command: string }[];
}

/** Names of what the playbooks read out of evidence, with the unit where there is one. */
export interface FactValues {
  app: string;
  container: string;
  pod: string;
  namespace: string;
  context: string;
  node: string;
  image: string;
  exitCode: number;
  /** Termination reason as the platform gives it, for example `OOMKilled`. */
  reason: string;
  restarts: number;
  /** Kubernetes quantities as written. */
  memoryLimit: string;
  memoryRequest: string;
  cpuLimit: string;
  cpuRequest: string;
  /** Highest memory use seen, bytes. */
  memoryPeakBytes: number;
  /** Memory climbs after every start: a leak, which no limit cures. */
  memoryLeak: boolean;
  /** The kernel killed for the node's memory, not for the container's limit. */
  killedByNode: boolean;
  /** The runtime's own heap limit, bytes, and the option that sets it, for example `--max-old-space-size`. */
  heapLimitBytes: number;
  heapOption: string;
  /** Share of CPU periods that were throttled, 0 to 1. */
  throttledShare: number;
  /** CPU the container wanted, cores. */
  cpuWanted: number;
  probe: 'liveness' | 'readiness' | 'startup';
  probePath: string;
  probePort: number;
  probeInitialDelaySeconds: number;
  probePeriodSeconds: number;
  probeTimeoutSeconds: number;
  probeFailureThreshold: number;
  /** The start was seen to go on while the probe failed. */
  startProgressed: boolean;
  /** Seconds from start to "ready", where the log shows both. */
  startSeconds: number;
  /** Where the application says that it listens. */
  listenPort: number;
  /** A path that the application was seen to answer with success. */
  servedPath: string;
  host: string;
  port: number;
  variable: string;
  /** `ConfigMap/name`, `Secret/name`, or with `#key` behind it. */
  configReference: string;
  claim: string;
  /** What another service answered, as in HTTP. */
  statusCode: number;
  /** When the certificate ended or begins, as written. */
  certificateDate: string;
  /** The names that the certificate is for, as written. */
  certificateNames: string;
  /** How many of what was used up (connections, descriptors, threads, requests) are allowed. */
  limit: number;
  database: string;
  databaseUser: string;
  topic: string;
  consumerGroup: string;
  /** Messages that wait for the consumer group. */
  lag: number;
  /** Name or number of the migration that failed. */
  migration: string;
  /** What a program asks for and what there is, as written. */
  requiredVersion: string;
  foundVersion: string;
  module: string;
  path: string;
  account: string;
  verb: string;
  resource: string;
  /** What the object's labels and annotations say of who deployed it: names of Helm's release and of
   *  its chart (without the version), of Argo CD's Application, of Flux' HelmRelease. */
  helmRelease: string;
  chart: string;
  argoApplication: string;
  fluxRelease: string;
  /** Pods that the workload is told to run. */
  replicas: number;
  /** Pods of the workload that there are now. */
  runningPods: number;
  /** Name of the autoscaler that was seen to set the replicas. */
  autoscaler: string;
  /** What is free of the roomiest node, as Kubernetes quantities. */
  nodeFreeCpu: string;
  nodeFreeMemory: string;
  /** What the quota counts, as `limits.memory=2Gi,pods=1`. */
  quotaRequested: string;
  quotaUsed: string;
  quotaHard: string;
  /** The limit of local storage that was exceeded, as written. */
  storageLimit: string;
  /** The StorageClass that was asked for, and the one that the cluster takes by default. */
  storageClass: string;
  defaultStorageClass: string;
  /** The only IngressClass that there is. */
  ingressClass: string;
  /** Connections that the database server allows in all. */
  maxConnections: number;
  graceSeconds: number;
  /** It was seen to end its work when it was asked to stop. */
  stopProgressed: boolean;
  /** What a Pod Security standard asks for, as written. */
  violations: string;
}

/** Each fact with the line that shows it. */
export type Facts = {
  readonly [Name in keyof FactValues]?: { value: FactValues[Name]; citation: Citation };
};
