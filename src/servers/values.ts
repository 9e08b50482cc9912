import { readFile, stat } from 'node:fs/promises';
import { WarRoomError, messageOf } from '../base/errors';
import type { CatalogueEntry, Variable } from '../catalog/entry';

const mostFileBytes = 256 * 1024;
/** Name by which a container reaches the machine that its engine runs on. */
const gateway = 'host.docker.internal';

/** What a server gets besides its program. */
export interface ServerValues {
  /** Values of declared variables, files not among them. */
  environment: Readonly<Record<string, string>>;
  /** Contents of files by the variable that shall name them. */
  files: Readonly<Record<string, string>>;
  /** What was made for it, in words for the prompt. */
  minted: readonly string[];
}

/** Values of variables, from wherever they come; an empty one is none. */
export type GivenValues = Readonly<Record<string, string | undefined>>;

/** True when a required value is there or can be made. */
export function hasValue(given: GivenValues, variable: string): boolean {
  return Boolean(given[variable]) || isKubeconfig(variable);
}

/**
 * The values that a server of the catalogue gets. A kubeconfig is made anew with the one context
 * that is meant; of any other file the content is taken.
 * @throws code `not-found` for a file that is not there, and for a context that is not known
 */
export async function serverValues(
  entry: CatalogueEntry,
  given: GivenValues,
  context: string | null,
  signal: AbortSignal,
): Promise<ServerValues> {
  const environment: Record<string, string> = {};
  const files: Record<string, string> = {};
  const minted: string[] = [];
  for (const variable of entry.environment) {
    const value = given[variable.name] || variable.default;
    if (variable.isFile && isKubeconfig(variable.name)) {
      const { mintKubeconfig } = await import('../pool/mint/kubeconfig');
      const made = await mintKubeconfig({ context, gateway }, signal);
      files[variable.name] = made.content;
      minted.push(made.says);
    } else if (variable.isFile && value !== undefined) {
      files[variable.name] = await contentOf(variable, value);
      minted.push(`the content of the file that ${variable.name} names`);
    } else if (value !== undefined) {
      environment[variable.name] = value;
    }
  }
  return { environment, files, minted };
}

function isKubeconfig(variable: string): boolean {
  return /^KUBECONFIG(?:_YAML|_JSON)?$/.test(variable);
}

/** The content itself where it was given as such. */
async function contentOf({ name }: Variable, value: string): Promise<string> {
  if (/[\n{]/.test(value)) return value;
  try {
    const { size } = await stat(value);
    if (size > mostFileBytes) throw new Error(`it has more than ${mostFileBytes / 1024} KiB`);
    return await readFile(value, 'utf8');
  } catch (error) {
    throw new WarRoomError(
      'not-found',
      `The file ${value} that ${name} names cannot be handed to the server: ${messageOf(error)}.`,
    );
  }
}
