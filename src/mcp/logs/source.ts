import type { GivenPlace } from '../kubernetes/kubeconfig';

/** Where logs come from. */
export type SourceName = 'docker' | 'kubernetes';

/** Which part of the logs of a service is meant. */
export interface ServiceLogQuery extends GivenPlace {
  service: string;
  since: Date | null;
  /** Last lines of each container. */
  tail: number;
}

/** The log of one container, oldest line first. */
export interface ContainerLog {
  /** Name of the container, or `pod/container`. */
  name: string;
  lines: string[];
}

/** What a source knows of a service; no logs when it does not know the name. */
export interface Found {
  source: SourceName;
  /** The engine's address, or context and namespace. */
  where: string;
  logs: ContainerLog[];
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
