import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { IncidentRecords, ToolServers } from '../diagnosis/ports';
import type { Incident } from '../incident/incident';

/** What verification needs of the other rooms; `src/rollouts.ts` hands the implementations in. */
export interface VerificationPorts {
  clock: Clock;
  log: Log;
  records: Pick<IncidentRecords, 'load' | 'update' | 'runLock'>;
  servers: Pick<ToolServers, 'lease'>;
  /** Which sources beside the cluster have an address. */
  sources: () => Promise<Sources>;
  /** Where the commit is, as far as the repository here knows. */
  placeOf: (incident: Incident, signal: AbortSignal) => Promise<CommitPlace>;
  pace: () => Pace;
}

export interface Sources {
  /** Where services tell their statistics. */
  statistics: boolean;
  prometheus: boolean;
}

/** How far a commit is; nothing is fetched for it. */
export interface CommitPlace {
  stage: 'committed' | 'pushed' | 'merged';
  /** The remote branch that holds it; null for none. */
  where: string | null;
}

/** How long is watched, in ms. */
export interface Pace {
  /** The service must be stable for this, and for twice the former time to failure. */
  stableMs: number;
  /** Beyond that it may take so much longer to become stable. */
  graceMs: number;
  /** Between two looks. */
  intervalMs: number;
}
