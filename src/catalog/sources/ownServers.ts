import { basename, dirname, resolve } from 'node:path';

import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { z } from 'zod';

import { messageOf } from '../../base/errors';
import { readIfThere } from '../../base/privateFiles';
import { anyHost, type CatalogueEntry, type Variable } from '../entry';
import { longest, plainText, slug } from '../text';
import { programOf, type RecognisedProgram } from './programOf';
import type { Source, SourceAnswer } from './source';

/** Largest `mcp.json` that is read, in bytes. */
const mostBytes = 1024 * 1024;

const stdioServer = z.object({
  type: z.literal('stdio').optional(),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  /** Of a command; packages and images run in containers, where no folder of this machine is. */
  cwd: z.string().optional(),
  disabled: z.boolean().optional(),
});
const remoteServer = z.object({ url: z.string() });
const input = z.object({
  id: z.string(),
  description: z.string().optional(),
  password: z.boolean().optional(),
  default: z.string().optional(),
});
const file = z.object({
  servers: z.record(z.string(), z.unknown()).optional(),
  mcpServers: z.record(z.string(), z.unknown()).optional(),
  inputs: z.array(z.unknown()).optional(),
});

/**
 * A server of the person's own file, and what the file itself writes for its variables, where
 * `${env:NAME}` stands for a value of the environment. It may hold secrets.
 */
export interface OwnServer {
  entry: CatalogueEntry;
  values: Readonly<Record<string, string>>;
}

/** The servers that the person has set up in `mcp.json` files; earlier files win. */
export class OwnServers implements Source {
  readonly name = 'Your mcp.json';
  private values = new Map<string, Readonly<Record<string, string>>>();

  /** @param files absolute paths; one that is not there is skipped */
  constructor(private readonly files: () => readonly string[]) {}

  async search(_: string, signal: AbortSignal): Promise<SourceAnswer> {
    const servers = new Map<string, OwnServer>();
    const notes: string[] = [];
    for (const path of this.files()) {
      signal.throwIfAborted();
      const answer = await readOwnServers(path);
      notes.push(...answer.notes);
      for (const server of answer.servers) {
        if (!servers.has(server.entry.name)) servers.set(server.entry.name, server);
      }
    }
    this.values = new Map([...servers].map(([name, { values }]) => [name, values]));
    return { entries: [...servers.values()].map(({ entry }) => entry), notes };
  }

  /** What the files write for a server's variables, as of the last look. */
  valuesOf(server: string): Readonly<Record<string, string>> {
    return this.values.get(server) ?? {};
  }
}

/** Reads one file. What cannot be read is said and never an error. */
export async function readOwnServers(
  path: string,
): Promise<{ servers: readonly OwnServer[]; notes: readonly string[] }> {
  try {
    const content = await readIfThere(path);
    if (!content) return { servers: [], notes: [] };
    if (content.length > mostBytes) throw new Error('it is larger than 1 MiB');
    return parseOwnServers(content.toString('utf8').replace(/^\uFEFF/, ''), path);
  } catch (error) {
    return {
      servers: [],
      notes: [`${path} was not read, so its servers are missing: ${messageOf(error)}.`],
    };
  }
}

/**
 * The servers of an `mcp.json`, with comments and trailing commas.
 * @throws with the reason when the text is none
 */
export function parseOwnServers(
  text: string,
  path: string,
): { servers: readonly OwnServer[]; notes: readonly string[] } {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    const line = text.slice(0, first.offset).split('\n').length;
    throw new Error(`line ${line} is not JSON (${printParseErrorCode(first.error)})`);
  }
  const parsed = file.safeParse(value);
  if (!parsed.success) throw new Error('it holds no "servers" and no "mcpServers"');
  const inputs = new Map(
    (parsed.data.inputs ?? []).flatMap((each) => {
      const known = input.safeParse(each);
      return known.success ? [[known.data.id, known.data] as const] : [];
    }),
  );
  const notes: string[] = [];
  const servers = Object.entries({ ...parsed.data.mcpServers, ...parsed.data.servers }).flatMap(
    ([name, server]) => {
      const known = stdioServer.safeParse(server);
      if (known.success && known.data.disabled) return [];
      const commandLine = known.success ? commandLineOf(known.data, path) : null;
      const why = commandLine
        ? whyNotFilled(commandLine)
        : remoteServer.safeParse(server).success
          ? 'it is a remote one, which War Room does not start'
          : 'its entry has no command';
      if (commandLine && why === null) return [ownServer(name, commandLine, inputs, path)];
      notes.push(`The server ${plainText(name, longest.name)} of ${path} is left out: ${why}.`);
      return [];
    },
  );
  return { servers, notes };
}

type Input = z.infer<typeof input>;

/** What an entry starts. */
interface CommandLine extends RecognisedProgram {
  /** Command and folder, which are taken as they stand. */
  fixed: readonly string[];
}

/** @param path of the file, which decides the folder that the command starts in */
function commandLineOf(
  { command, args, env, cwd = '.' }: z.infer<typeof stdioServer>,
  path: string,
): CommandLine {
  const recognised = programOf(command, args, resolve(folderOf(path), cwd));
  const values = { ...recognised.values, ...textsOf(env) };
  return { ...recognised, values, fixed: [command, cwd] };
}

/** A file in `.vscode` speaks of the folder that this one is in. */
function folderOf(path: string): string {
  const folder = dirname(resolve(path));
  return basename(folder) === '.vscode' ? dirname(folder) : folder;
}

/** Why a server cannot be started as its file means it; null when it can. */
function whyNotFilled({ fixed, args, values }: CommandLine): string | null {
  const [unknown] = [
    ...fixed.flatMap((text) => text.match(/\$\{[^}]*\}?/g) ?? []),
    ...[...args, ...Object.values(values)].flatMap((text) => text.match(notFilled) ?? []),
  ];
  if (unknown !== undefined) return `War Room does not fill ${plainText(unknown, 60)} there`;
  for (const [variable, text] of Object.entries(values)) {
    if (!text.includes('${input:') || wholeInput(text)) continue;
    return `its variable ${plainText(variable, 60)} holds more than an input, which War Room does not fill`;
  }
  // An argument takes what the person gives, never what the file says under the same name.
  const twice = args
    .flatMap((arg) => [...arg.matchAll(reference)])
    .find(([text, kind = '', id = '']) => {
      const written = values[variableOf(kind, id)];
      return written !== undefined && written !== text;
    });
  return twice
    ? `its arguments use ${plainText(twice[0], 60)}, and its variables hold something else under that name`
    : null;
}

function ownServer(
  name: string,
  commandLine: CommandLine,
  inputs: ReadonlyMap<string, Input>,
  path: string,
): OwnServer {
  const { program } = commandLine;
  const variables = new Map<string, Variable>();
  const values: Record<string, string> = {};
  for (const [variable, text] of Object.entries(commandLine.values)) {
    const input = wholeInput(text);
    if (input === null) values[variable] = text;
    variables.set(variable, describe(variable, input, text.includes('${'), inputs));
  }
  const args = commandLine.args.map((arg) =>
    arg.replace(reference, (_, kind: string, id: string) => {
      const variable = variableOf(kind, id);
      const input = kind === 'input' ? id : null;
      variables.set(variable, describe(variable, input, true, inputs));
      return `\${${variable}}`;
    }),
  );
  return {
    entry: {
      name: slug(name),
      title: plainText(name, longest.title),
      purpose: `Set up in ${basename(path)}.`,
      keywords: wordsOf(name, program),
      categories: null,
      program,
      args,
      publisher: '',
      official: false,
      state: 'session',
      environment: [...variables.values()],
      hosts: [anyHost],
      tools: [],
      looks: [],
      needsBuild: false,
      origin: 'own',
      releasedOn: null,
      provenance: { startedOn: null, transcript: null, notStarted: null },
    },
    values,
  };
}

function textsOf(env: z.infer<typeof stdioServer>['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
}

/** A value that is asked, or taken from the environment. */
const reference = /\$\{(env(?=:\w+\})|input):([^${}]+)\}/g;
const notFilled = /\$\{(?!(?:env:\w+|input:[^${}]+)\})[^}]*\}?/g;

/** The input that a text stands for; null where it is none, or more. */
function wholeInput(text: string): string | null {
  return /^\$\{input:([^${}]+)\}$/.exec(text)?.[1] ?? null;
}

/** The variable that a reference in an argument is filled from. */
function variableOf(kind: string, id: string): string {
  return kind === 'env' ? id : `INPUT_${id.toUpperCase().replace(/\W/g, '_')}`;
}

const secretName = /key|token|secret|passw|pwd|credential|auth|dsn|connection_?string/i;

function describe(
  name: string,
  input: string | null,
  required: boolean,
  inputs: ReadonlyMap<string, Input>,
): Variable {
  const asked = input === null ? undefined : inputs.get(input);
  return {
    name,
    description: plainText(asked?.description ?? '', longest.sentence),
    required,
    secret: asked?.password ?? secretName.test(name),
    ...(asked?.default === undefined ? {} : { default: asked.default }),
  };
}

function wordsOf(name: string, program: CatalogueEntry['program']): string[] {
  const source =
    program.kind === 'npm' || program.kind === 'pypi'
      ? program.package
      : program.kind === 'oci'
        ? program.image
        : '';
  const words = `${name} ${source}`.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return [...new Set(words)].filter((word) => !['mcp', 'server', 'latest'].includes(word));
}
