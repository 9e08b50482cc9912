import { basename } from 'node:path';

import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { z } from 'zod';

import { messageOf } from '../../base/errors';
import { readIfThere } from '../../base/privateFiles';
import { anyHost, type CatalogueEntry, type Variable } from '../entry';
import { longest, plainText, slug } from '../text';
import { programOf } from './programOf';
import type { Source, SourceAnswer } from './source';

/** Largest `mcp.json` that is read, in bytes. */
const mostBytes = 1024 * 1024;

const stdioServer = z.object({
  type: z.literal('stdio').optional(),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  envFile: z.string().optional(),
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

/** A server of the person's own file, and the values that the file itself gives. Not to be shown. */
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

  /** Values that the files give to a server's variables, as of the last look. */
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
      const why = known.success
        ? unknownReference(known.data)
        : remoteServer.safeParse(server).success
          ? 'it is a remote one, which War Room does not start'
          : 'its entry has no command';
      if (known.success && why === null) return [ownServer(name, known.data, inputs, path)];
      notes.push(`The server ${plainText(name, longest.name)} of ${path} is left out: ${why}.`);
      return [];
    },
  );
  return { servers, notes };
}

type Input = z.infer<typeof input>;

/** Why a server cannot be started as its file means it; null when it can. */
function unknownReference({ command, args, env }: z.infer<typeof stdioServer>): string | null {
  const texts = [command, ...args, ...Object.values(textsOf(env))];
  const [unknown] = texts.flatMap((text) => text.match(/\$\{(?!(?:input|env):)[^}]*\}/g) ?? []);
  return unknown === undefined ? null : `War Room does not know ${plainText(unknown, 60)}`;
}

function ownServer(
  name: string,
  server: z.infer<typeof stdioServer>,
  inputs: ReadonlyMap<string, Input>,
  path: string,
): OwnServer {
  const recognised = programOf(server.command, server.args);
  const given = { ...recognised.values, ...textsOf(server.env) };
  const variables = new Map<string, Variable>();
  const values: Record<string, string> = {};
  for (const [variable, value] of Object.entries(given)) {
    const reference = referenceIn(value);
    if (!value.includes('${')) values[variable] = value;
    variables.set(variable, describe(variable, reference, inputs));
  }
  const args = recognised.args.map((arg) =>
    arg.replace(/\$\{(input|env):([^}]+)\}/g, (_, kind: string, id: string) => {
      const variable = kind === 'env' ? id : `INPUT_${id.toUpperCase().replace(/\W/g, '_')}`;
      variables.set(variable, describe(variable, { kind, id }, inputs));
      return `\${${variable}}`;
    }),
  );
  return {
    entry: {
      name: slug(name),
      title: plainText(name, longest.title),
      purpose: `Set up in ${basename(path)}.`,
      keywords: wordsOf(name, recognised.program),
      categories: null,
      program: recognised.program,
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

interface Reference {
  kind: string;
  id: string;
}

/** `${input:id}` or `${env:NAME}` in a value: the value is asked, or taken from the environment. */
function referenceIn(value: string): Reference | null {
  const [, kind, id] = /\$\{(input|env):([^}]+)\}/.exec(value) ?? [];
  return kind && id ? { kind, id } : null;
}

const secretName = /key|token|secret|passw|pwd|credential|auth|dsn|connection_?string/i;

function describe(
  name: string,
  reference: Reference | null,
  inputs: ReadonlyMap<string, Input>,
): Variable {
  const asked = reference?.kind === 'input' ? inputs.get(reference.id) : undefined;
  return {
    name,
    description: plainText(asked?.description ?? '', longest.sentence),
    required: reference !== null,
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
