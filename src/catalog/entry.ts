import type { Program } from '../incident/program';
import type { Question } from '../incident/analysis';
import type { Category } from '../incident/category';

/** What is known of an MCP server before it is started. */
export interface CatalogueEntry {
  /** Unique; lower case letters, digits and `-`. */
  name: string;
  title: string;
  /** What it is for, in one sentence. */
  purpose: string;
  /** Technologies and words of incidents, lower case. */
  keywords: readonly string[];
  /**
   * Kinds of incidents that it helps with. Empty: none, so it is found only by who looks for it.
   * Null: not known, or not a matter of the kind; its words decide.
   */
  categories: readonly Category[] | null;
  program: Program;
  /** Arguments; `${VARIABLE}` stands for the value of a declared variable. */
  args: readonly string[];
  publisher: string;
  /** Published by the makers of what it speaks to, or of the protocol. */
  official: boolean;
  /** `session`: it keeps something between two calls, so it is one incident's alone. */
  state: 'none' | 'session';
  environment: readonly Variable[];
  /**
   * What it must reach: `host:port`, or `${VARIABLE}` for the host of a variable's URL. Without any
   * it has no network; {@link anyHost} where nobody says.
   */
  hosts: readonly string[];
  /** As the server listed them itself; empty where it was never started. */
  tools: readonly Tool[];
  /** What a diagnosis may ask it. */
  looks: readonly Look[];
  /** It cannot run without install scripts or programs that no package brings. */
  needsBuild: boolean;
  origin: Origin;
  /** When this version came out, `YYYY-MM-DD`. */
  releasedOn: string | null;
  provenance: Provenance;
}

export type ProgramKind = Program['kind'];

/** An environment variable that a server reads. */
export interface Variable {
  name: string;
  description: string;
  /** It does not start, or can do nothing, without. */
  required: boolean;
  secret: boolean;
  /** What War Room sets where the person says nothing else. */
  default?: string;
  /** Its value is a URL, or a host, that the server connects to. */
  isEndpoint?: boolean;
  /** Its value is a file's content; the variable then holds the path of that file. */
  isFile?: boolean;
  /** War Room makes the value: a kubeconfig of the incident's context alone. */
  mint?: 'kubeconfig';
}

export interface Tool {
  name: string;
  /** First sentences, at most 200 characters. */
  description: string;
  readOnly: boolean;
}

/** A read-only question that tells something about a kind of incident. */
export interface Look {
  /** It is asked where one of these is among the incident's keywords, or of its category. */
  keywords: readonly string[];
  categories: readonly Category[];
  tool: string;
  arguments: Question['arguments'];
  /** What the answer tells. */
  why: string;
  /** Regular expressions for lines of the answer that are facts worth citing. */
  cites: readonly string[];
}

/**
 * Where an entry is known from: the bundled list, the person's own `mcp.json`, the official MCP
 * registry, or a search of the npm registry.
 */
export type Origin = 'bundled' | 'own' | 'registry' | 'npm';

export interface Provenance {
  /** Day on which it listed its tools in a container; null: it did not, or was not tried. */
  startedOn: string | null;
  /** File of that conversation in `test/fixtures/catalogue`. */
  transcript: string | null;
  /** How it ended when it was tried; null where it did start or was not tried. */
  notStarted: string | null;
}

/** For a server that is of no use without a network and of which nobody says what it reaches. */
export const anyHost = '*:443';

/** One and the same program, whoever names it, whatever its version. */
export function programKey(program: Program): string {
  switch (program.kind) {
    case 'npm':
      return `npm:${program.package.toLowerCase()}`;
    case 'pypi':
      return `pypi:${program.package.toLowerCase().replace(/[-_.]+/g, '-')}`;
    case 'oci':
      return `oci:${imageName(program.image)}`;
    case 'bundled':
      return `bundled:${program.script}`;
    case 'command':
      return `command:${program.command}`;
  }
}

/** An image without its tag and digest. */
function imageName(image: string): string {
  const name = image.replace(/@.*$/, '');
  const tag = name.lastIndexOf(':');
  return (tag > name.lastIndexOf('/') ? name.slice(0, tag) : name).replace(/^docker\.io\//, '');
}
