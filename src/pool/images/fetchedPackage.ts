import type { Program } from '../../incident/program';

/** A program that is a package of a registry. */
export type PackageProgram = Extract<Program, { kind: 'npm' | 'pypi' }>;

/** What packages are to run on: facts of a base image. */
export interface Target {
  /** Processor, in Node's words: `x64`, `arm64`. The system is always Linux. */
  cpu: string;
  libc: 'glibc' | 'musl';
  /** Version of the C library, for example `2.36`; null where it is not told. */
  libcVersion: string | null;
  /** Of Node or Python, for example `24.21.0`. */
  version: string;
}

/** What a registry says of a package and of what it depends on; nothing of it has run. */
export interface PackageFacts {
  package: string;
  version: string;
  /**
   * Subresource integrity of the package's own file, of several files any of which may be
   * delivered; null where the registry tells none.
   */
  integrity: string | null;
  /** Who published this version; null where the registry does not tell. */
  publisher: string | null;
  /** Packages in all, itself included. */
  packages: number;
  /** Names of the packages that would have to run scripts; with any, the server is not offered. */
  needsBuild: readonly string[];
}

/** A package that was put into a folder: below `dependencies`, and below `package` what is its own. */
export interface FetchedPackage extends PackageFacts {
  integrity: string;
  /** SHA-256 over name, version and integrity of all packages. */
  treeHash: string;
  entry: PackageEntry;
}

/** How a package is started; files are relative to where both its folders are put together. */
export type PackageEntry =
  /** A script of Node, with options of Node. */
  | { kind: 'node'; options: readonly string[]; file: string }
  /** A program of its own. */
  | { kind: 'program'; file: string }
  /** A function of a Python module, under the name that it is called by. */
  | { kind: 'python'; name: string; module: string; function: string };
