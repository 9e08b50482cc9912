import type { FetchedPackage, PackageFacts, PackageProgram, Target } from '../fetchedPackage';

export type NpmProgram = Extract<PackageProgram, { kind: 'npm' }>;

/** What is asked of the script that fetches packages: one line of JSON on its standard input. */
export interface NpmRequest {
  /** `facts`: nothing is fetched but what the registry says. */
  ask: 'facts' | 'package';
  program: NpmProgram;
  target: Target;
  /** An empty folder; where the package is put. */
  folder: string;
}

/** What it answers: one line of JSON on its standard output. */
export type NpmAnswer =
  | { kind: 'facts'; facts: PackageFacts }
  | { kind: 'package'; fetched: FetchedPackage }
  /** `message` is for the person. */
  | { kind: 'failed'; message: string };
