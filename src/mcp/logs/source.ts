import type { GivenPlace } from '../kubernetes/kubeconfig';

/** Where logs come from. */
export const sourceNames = ['docker', 'kubernetes', 'loki'] as const;
export type SourceName = (typeof sourceNames)[number];

/** Which part of the logs of a service is meant. */
export interface ServiceLogQuery extends GivenPlace {
  service: string;
  since: Date | null;
  /** Of Loki alone: what was written from then on is not meant. */
  until?: Date | undefined;
  /** Last lines of each container. */
  tail: number;
}

/** The log of one container, oldest line first. */
export interface ContainerLog {
  /** Name of the container, or `pod/container`. */
  name: string;
  lines: string[];
  /** Of Loki: its cluster, where the context that was given does not name it. */
  otherCluster?: string | undefined;
}

/** What a source knows of a service; no logs when it does not know the name. */
export interface Found {
  source: SourceName;
  /** The engine's address, context and namespace, or Loki's address and the time looked through. */
  where: string;
  logs: ContainerLog[];
  /** What was not looked at, in sentences. */
  unseen: string[];
  /** Of Kubernetes: where the pods are, and all of them, also those that were not read. */
  pods?: { context: string; namespace: string; names: readonly string[] };
}

/** Reads the logs of a service. Throws a ToolError when it cannot look. */
export type ReadLogs = (query: ServiceLogQuery, signal: AbortSignal) => Promise<Found>;

/** Most containers of one service that are read, newest first. */
export const mostContainers = 5;

/** The lines of a log, without a last empty one. */
export function toLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
