import type { CatalogueEntry, ProgramKind } from './entry';

/** What this machine has of what servers need. */
export interface Surroundings {
  /** Names of the variables that have a value for this server, from wherever it comes. */
  hasValue(entry: CatalogueEntry, variable: string): boolean;
  /** Why programs of a kind cannot run here, in one sentence; those that can are not listed. */
  unavailable: Readonly<Partial<Record<ProgramKind, string>>>;
}

/** Names of the required variables that have no value: without them it is not started. */
export function missingValues(entry: CatalogueEntry, around: Surroundings): readonly string[] {
  return entry.environment
    .filter(({ required, default: value }) => required && value === undefined)
    .map(({ name }) => name)
    .filter((name) => !around.hasValue(entry, name));
}

/** Why a server cannot run here whatever values it gets; null when it can. */
export function unavailableReason(entry: CatalogueEntry, around: Surroundings): string | null {
  const { notStarted } = entry.provenance;
  if (entry.needsBuild) {
    return 'It needs install scripts or programs that its package does not bring, which War Room does not run.';
  }
  if (notStarted !== null) return `It did not start when it was tried: ${notStarted}`;
  return around.unavailable[entry.program.kind] ?? null;
}
