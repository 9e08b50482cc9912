/** A program that was not allowed to start here yet, as a person is asked about it. */
export interface LeaveRequest {
  /** Name in the catalogue. */
  server: string;
  /** Changes with everything that the person agrees to: another key asks again. */
  key: string;
  runtime: 'process' | 'docker' | 'kubernetes';
  /** Package with its version, image with its digest, or the command. */
  program: string;
  /** Where a command is started, which decides what its relative paths mean; null for others. */
  folder: string | null;
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
  /** The registry's checksum of the package; null also where nobody checks it: for a process. */
  integrity: string | null;
  /**
   * The variables that it gets: `NAME` where the person gave the value, `NAME=VALUE` with what an
   * `mcp.json` says, secrets masked.
   */
  environment: readonly string[];
  /** Hosts that it is meant to reach; none: it has no network. */
  network: readonly string[];
  /** What is made for it, in words: "a kubeconfig with one context". */
  minted: readonly string[];
  /** Why it is wanted, in one sentence. */
  why: string;
}

/** What looks like a blank; the last five are letters and signs that have no ink. */
const blank = '[\\s\\u2800\\u3164\\u115f\\u1160\\uffa0]';
const runOfBlanks = new RegExp(`${blank}{3,}`, 'g');
const needsQuotes = new RegExp(`^$|["'\\\\]|${blank}`);

/**
 * What a registry or a file says of a program is data: nothing in it makes a line of its own in a
 * prompt, turns one around, or pushes the rest out of sight. Nothing is cut: a person agrees to all.
 */
export function oneLine(text: string): string {
  return text
    .replace(runOfBlanks, (run) => ` ␣×${run.length} `)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** A word of a list as it is, or as JSON where one could not tell where it ends. */
export function quoted(text: string): string {
  return needsQuotes.test(text) ? JSON.stringify(text) : text;
}

/** Arguments as a prompt shows them. */
export function argumentsText(args: readonly string[]): string {
  return args.map(quoted).join(' ');
}

/** What a person says to it: for this incident, for good, or no. */
export type LeaveAnswer = 'once' | 'always' | 'no';
