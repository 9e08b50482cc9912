/** A program that was not allowed to start here yet, as a person is asked about it. */
export interface LeaveRequest {
  /** Name in the catalogue. */
  server: string;
  /** Changes with everything that the person agrees to: another key asks again. */
  key: string;
  runtime: 'process' | 'docker' | 'kubernetes';
  /** Package with its version, image with its digest, or the command. */
  program: string;
  /** Which of the package's commands is meant; null for its only one, and for what is no package. */
  command: string | null;
  /**
   * The image that it runs in: its own, or for a package the one that it is put on. Null for what
   * runs in none.
   */
  image: string | null;
  /** Arguments that it is started with. */
  args: readonly string[];
  publisher: string | null;
  /** The registry's checksum of the package. */
  integrity: string | null;
  /** Names of the variables whose values it gets. */
  environment: readonly string[];
  /** Hosts that it is meant to reach; none: it has no network. */
  network: readonly string[];
  /** What is made for it, in words: "a kubeconfig with one context". */
  minted: readonly string[];
  /** Why it is wanted, in one sentence. */
  why: string;
}

/**
 * What a registry says of a package is data: nothing in it makes a line of its own in a prompt, or
 * turns one around.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300);
}

/** What a person says to it: for this incident, for good, or no. */
export type LeaveAnswer = 'once' | 'always' | 'no';
