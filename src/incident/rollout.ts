/** How far a committed change is on its way to what runs; `said`: a person says that it is there. */
export type RolloutStage = 'committed' | 'pushed' | 'merged' | 'synced' | 'said';

/** What became of a committed change: where it stands, and once it is live how the service does. */
export interface Rollout {
  stage: RolloutStage;
  /** Where that was seen, in words: `origin/main`, `Application shop: Synced, Healthy`. */
  where: string | null;
  /** When it was looked at last, by whichever window or command; null before the first look. */
  lookedAt: string | null;
  /** Why it cannot be seen whether the change is live, in a sentence; null where it can. */
  unseen: string | null;
  /** What Prometheus did not tell at the last look though it was asked, one sentence each. */
  unmeasured?: readonly string[];
  /** What the live object holds where the change is expected: "limits.memory of app is 64Mi, not 128Mi". */
  waitsFor: string | null;
  workload: WorkloadName | null;
  /** How the service was before the change was live; null when nobody could look in time. */
  before: Measure | null;
  /** When the change was first seen live: the clock starts here. */
  liveAt: string | null;
  /** When it is decided at the latest. */
  deadline: string | null;
  /** For how long the service must be stable, in ms. */
  requiredMs: number | null;
  /** Since when nothing was wrong; null while something is. */
  stableSince: string | null;
  /** Since the change is live, oldest first; the first, and the newest hundreds. */
  measures: readonly Measure[];
  verdict: Verdict | null;
}

export interface WorkloadName {
  kind: string;
  name: string;
  namespace: string;
}

/** How a service was at one moment; what was not measured is null. */
export interface Measure {
  at: string;
  pods: PodMeasure | null;
  service: ServiceMeasure | null;
  /** Who measured what; missing in incidents of before it was kept. */
  by?: Partial<Record<MeasuredPart, MeasureSource>>;
  /** Prometheus says that it left something out. */
  partial?: boolean;
}

export type MeasuredPart = 'pods' | 'memory' | 'online' | 'errorRate';

/** `statistics`: what the services say of themselves. */
export type MeasureSource = 'cluster' | 'statistics' | 'prometheus';

/** The pods of the newest template; before the change is live, all pods. */
export interface PodMeasure {
  /** The controller has seen the newest template. */
  observed: boolean;
  desired: number;
  updated: number;
  /** Ready pods of those counted here. */
  ready: number;
  /** Restarts of these pods together; new pods start at 0. */
  restarts: number;
  /** The latest end of one of their containers. */
  lastEnd: ContainerEnd | null;
  /** What keeps pods from running, once each: `CrashLoopBackOff`, `ImagePullBackOff`. */
  troubles: readonly string[];
  /** Warnings of the cluster about them, masked, the latest last; when the latest was seen. */
  warnings: readonly string[];
  warnedAt: string | null;
  /** What they use together, where the cluster measures it, and may use together. */
  memoryBytes: number | null;
  memoryLimitBytes: number | null;
}

export interface ContainerEnd {
  /** As the platform gives it: `OOMKilled`, `Error`. */
  reason: string;
  at: string | null;
  /** How long it had run, in ms. */
  ranMs: number | null;
}

/** As the statistics of the services, or Prometheus, tell it. */
export interface ServiceMeasure {
  online: boolean | null;
  /**
   * Share of requests that fail, 0 to 1: by Prometheus of the workload's own, else of the load
   * balancer's, of all services together.
   */
  errorRate: number | null;
}

/** What came of the change. */
export interface Verdict {
  result: 'recovered' | 'not-recovered' | 'worse' | 'closed';
  at: string;
  /** One sentence for a person. */
  summary: string;
  /** What was found, one line each, before and after. */
  findings: readonly string[];
}

/** What is known of the way of a change that was just committed. */
export const justCommitted: Rollout = {
  stage: 'committed',
  where: null,
  lookedAt: null,
  unseen: null,
  waitsFor: null,
  workload: null,
  before: null,
  liveAt: null,
  deadline: null,
  requiredMs: null,
  stableSince: null,
  measures: [],
  verdict: null,
};
