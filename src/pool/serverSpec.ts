import type { Program } from '../incident/program';

/** What the pool must know of a server to start it; what the server is good for is not its matter. */
export interface ServerSpec {
  /** Name in the catalogue, for example `postgres`; part of the container's name. */
  name: string;
  program: Program;
  /** Further arguments of the program; it finds its value where `${VARIABLE}` stands for one. */
  args: readonly string[];
  /** Names of the variables that it declares; it sees no others of ours. */
  environment: readonly string[];
  /** `none`: it keeps nothing between two calls and is shared. `session`: one incident's alone. */
  state: 'none' | 'session';
  /**
   * What it must reach, as `host:port` or `${VARIABLE}` for the host of a variable's URL. Without
   * any it has no network.
   */
  hosts: readonly string[];
}

export type RuntimeName = 'process' | 'docker' | 'kubernetes';

/** A server that somebody wants to use now. */
export interface ServerRequest {
  spec: ServerSpec;
  /** Values of those declared variables that have one. */
  environment: Readonly<Record<string, string>>;
  /** Where it works, for example a cluster context: servers of two places are never shared. */
  place: string | null;
  /** `auto`: what comes with War Room as a process, everything else in a container. */
  runtime: RuntimeName | 'auto';
}
