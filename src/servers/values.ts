import { readFile, stat } from 'node:fs/promises';
import { WarRoomError, messageOf } from '../base/errors';
import type { CatalogueEntry, Variable } from '../catalog/entry';
import { quoted } from '../incident/leave';
import { maskText } from '../intake/masking/mask';

/** Linux lets one environment variable hold 128 KiB, its name included. */
const mostContentBytes = 120 * 1024;
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

/** Where values of variables come from. */
export interface ValueSources {
  /** The environment, and what a command was told besides. */
  around: GivenValues;
  /** As an `mcp.json` writes them; `${env:NAME}` stands for a value of {@link around}. */
  written: Readonly<Record<string, string>>;
  /** What the person gave for this server, which goes before everything else. */
  personal: GivenValues;
}

/** The values that there are. What a file writes is never replaced by a variable of its name. */
export function givenValues({ around, written, personal }: ValueSources): GivenValues {
  const filled = Object.entries(written).map(
    ([name, text]) => [name, filledFrom(text, around)] as const,
  );
  return { ...around, ...Object.fromEntries(filled), ...personal };
}

/** Undefined where a value is missing. */
function filledFrom(text: string, around: GivenValues): string | undefined {
  let isWhole = true;
  const filled = text.replace(/\$\{env:(\w+)\}/g, (_, name: string) => {
    const value = around[name] ?? '';
    isWhole &&= value !== '';
    return value;
  });
  return isWhole ? filled : undefined;
}

/** What a server is given that no person gave: texts of an `mcp.json`, as they stand there. */
export function writtenTexts(
  entry: CatalogueEntry,
  sources: ValueSources,
): Readonly<Record<string, string>> {
  if (entry.origin !== 'own') return {};
  const given = givenValues(sources);
  return Object.fromEntries(
    entry.environment.flatMap(({ name, default: usual }) => {
      if (sources.personal[name]) return [];
      const text = given[name] ? sources.written[name] : usual;
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** Variables as a prompt shows them: with what a file says of them, unless that is a secret. */
export function variableTexts(
  { args, environment }: CatalogueEntry,
  names: readonly string[],
  written: Readonly<Record<string, string>>,
): string[] {
  return names.map((name) => {
    const text = written[name];
    if (text === undefined) return quoted(name);
    // What becomes part of a command is shown as the rest of the command is.
    const isArgument = args.some((arg) => arg.includes(`\${${name}}`));
    const isSecret = environment.some((each) => each.name === name && each.secret);
    const shown = isArgument || text.includes('${') ? text : isSecret ? '***' : maskText(text);
    return `${quoted(name)}=${quoted(shown)}`;
  });
}

/** True when a required value is there or can be made. */
export function hasValue(given: GivenValues, variable: string): boolean {
  return Boolean(given[variable]) || isKubeconfig(variable);
}

/**
 * What a server gets that only a container can be given: files, which the guard of our images
 * writes, and what is made for it, which names the engine's machine as a container sees it.
 */
export function onlyInContainers(
  { environment }: CatalogueEntry,
  given: GivenValues,
): { files: readonly string[]; minted: readonly string[] } {
  const minted = environment.filter((each) => isMinted(each, given));
  const files = environment.filter(
    (each) => each.isFile && (isMinted(each, given) || valueOf(each, given) !== undefined),
  );
  return { files: files.map(({ name }) => name), minted: minted.map(({ name }) => name) };
}

/**
 * The values that a server of the catalogue gets. A kubeconfig is made anew with the one context
 * that is meant; of any other file the content is taken.
 * @throws code `not-found` for a file that is not there, and for a context that is not known;
 * `wrong-usage` for what is too large
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
    const { name, isFile } = variable;
    const value = valueOf(variable, given);
    if (isMinted(variable, given)) {
      const { mintKubeconfig } = await import('../pool/mint/kubeconfig');
      const made = await mintKubeconfig({ context, gateway }, signal);
      (isFile ? files : environment)[name] = fitting(`The kubeconfig for ${name}`, made.content);
      minted.push(made.says);
    } else if (isFile && value !== undefined) {
      files[name] = await contentOf(variable, value);
      minted.push(`the content of the file that ${name} names`);
    } else if (value !== undefined) {
      environment[name] = value;
    }
  }
  return { environment, files, minted };
}

function valueOf(variable: Variable, given: GivenValues): string | undefined {
  return given[variable.name] || variable.default;
}

/** A kubeconfig that a person gave as a value, and not as a path, is taken as it is. */
function isMinted(variable: Variable, given: GivenValues): boolean {
  if (variable.isFile) return isKubeconfig(variable.name) || variable.mint !== undefined;
  return variable.mint !== undefined && valueOf(variable, given) === undefined;
}

function isKubeconfig(variable: string): boolean {
  return /^KUBECONFIG(?:_YAML|_JSON)?$/.test(variable);
}

/** The content itself where it was given as such. */
async function contentOf({ name }: Variable, value: string): Promise<string> {
  const what = `The content for ${name}`;
  if (/[\n{]/.test(value)) return fitting(what, value);
  try {
    const { size } = await stat(value);
    return size > mostContentBytes ? tooLarge(what, size) : await readFile(value, 'utf8');
  } catch (error) {
    if (WarRoomError.is(error)) throw error;
    throw new WarRoomError(
      'not-found',
      `The file ${value} that ${name} names cannot be handed to the server: ${messageOf(error)}.`,
    );
  }
}

function fitting(what: string, content: string): string {
  const bytes = Buffer.byteLength(content);
  return bytes > mostContentBytes ? tooLarge(what, bytes) : content;
}

function tooLarge(what: string, bytes: number): never {
  throw new WarRoomError(
    'wrong-usage',
    `${what} has ${Math.ceil(bytes / 1024)} KiB, and a server can be handed ${mostContentBytes / 1024} KiB at most, so it was not started; give it less.`,
  );
}
