import { z } from 'zod';

import { boundedText, causeOf } from '../../base/httpAnswer';
import type { Program } from '../../incident/program';
import { anyHost, type CatalogueEntry, type Variable } from '../entry';
import { firstSentence, longest, plainText, slug } from '../text';
import type { Source, SourceAnswer } from './source';

const pageSize = 100;
/** Pages that are asked for one search. */
const mostPages = 3;
/** Largest page that is read, in bytes. */
const mostBytes = 8 * 1024 * 1024;

const officialMeta = 'io.modelcontextprotocol.registry/official';

const value = z.object({
  value: z.string().optional(),
  default: z.string().optional(),
  description: z.string().optional(),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  format: z.string().optional(),
});
const argument = value.extend({
  type: z.enum(['positional', 'named']),
  name: z.string().optional(),
  valueHint: z.string().optional(),
});
const packageSchema = z.object({
  registryType: z.string(),
  registryBaseUrl: z.string().optional(),
  identifier: z.string().min(1).max(255),
  version: z.string().max(255).optional(),
  transport: z.object({ type: z.string() }),
  packageArguments: z.array(argument).default([]),
  runtimeArguments: z.array(z.unknown()).default([]),
  environmentVariables: z
    .array(value.extend({ name: z.string().regex(/^\w{1,128}$/) }))
    .default([]),
});
const listed = z.object({
  server: z.object({
    name: z.string().min(3).max(200),
    title: z.string().optional(),
    description: z.string().default(''),
    packages: z.array(z.unknown()).default([]),
  }),
  _meta: z
    .object({
      [officialMeta]: z
        .object({
          status: z.string().optional(),
          updatedAt: z.string().optional(),
          publishedAt: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
});
const page = z.object({
  servers: z.array(z.unknown()),
  metadata: z.object({ nextCursor: z.string().nullish() }).optional(),
});

/** The official MCP registry, version 0.1 of its interface, or another that speaks it. */
export class McpRegistry implements Source {
  readonly name = 'The MCP registry';

  /** @param baseUrl such as `https://registry.modelcontextprotocol.io` */
  constructor(private readonly baseUrl: () => string) {}

  async search(words: string, signal: AbortSignal): Promise<SourceAnswer> {
    const entries: CatalogueEntry[] = [];
    let unreadable = 0;
    let cursor: string | undefined;
    for (let number = 0; number < mostPages; number++) {
      const answer = page.safeParse(await getJson(this.url(words, cursor), signal));
      if (!answer.success) throw new Error('its answer is no list of servers');
      for (const server of answer.data.servers.slice(0, pageSize)) {
        const known = listed.safeParse(server);
        if (known.success) entries.push(...entryOf(known.data));
        else unreadable++;
      }
      const next = answer.data.metadata?.nextCursor;
      if (!next || next === cursor) break;
      cursor = next;
    }
    return {
      entries,
      notes:
        unreadable > 0
          ? [`${this.name} lists ${unreadable} servers that could not be read; they are left out.`]
          : [],
    };
  }

  private url(words: string, cursor: string | undefined): URL {
    const url = new URL('v0.1/servers', this.baseUrl().replace(/\/*$/, '/'));
    url.searchParams.set('limit', String(pageSize));
    url.searchParams.set('version', 'latest');
    if (words) url.searchParams.set('search', words);
    if (cursor) url.searchParams.set('cursor', cursor);
    return url;
  }
}

/** @throws with the reason, as the end of a sentence */
async function getJson(url: URL, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw new Error(`${url.host} cannot be reached (${causeOf(error)})`);
    },
  );
  if (!response.ok) throw new Error(`${url.host} answered ${response.status}`);
  const text = await boundedText(response, mostBytes);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('its answer is not JSON');
  }
}

/** One entry at most: of the first package that War Room can start. */
function entryOf({ server, _meta }: z.infer<typeof listed>): CatalogueEntry[] {
  const meta = _meta?.[officialMeta];
  if (meta?.status === 'deleted' || meta?.status === 'deprecated') return [];
  for (const each of server.packages) {
    const known = packageSchema.safeParse(each);
    const program = known.success ? programOfPackage(known.data) : null;
    if (!known.success || !program) continue;
    const { args, variables } = argumentsOf(known.data);
    const local = server.name.split('/').at(-1) ?? server.name;
    return [
      {
        name: slug(local),
        title: plainText(server.title ?? local, longest.title),
        purpose: firstSentence(server.description),
        keywords: [],
        categories: null,
        program,
        args,
        publisher: plainText(server.name.split('/')[0] ?? '', longest.name),
        official: false,
        state: 'session',
        environment: variables,
        // Who wants an address or a token wants to reach something.
        hosts: variables.length > 0 ? [anyHost] : [],
        tools: [],
        looks: [],
        needsBuild: false,
        origin: 'registry',
        releasedOn: dayOf(meta?.updatedAt ?? meta?.publishedAt),
        provenance: { startedOn: null, transcript: null, notStarted: null },
      },
    ];
  }
  return [];
}

type Package = z.infer<typeof packageSchema>;

/** Null for what War Room does not start: remote servers, other kinds, other registries. */
function programOfPackage(each: Package): Program | null {
  if (each.transport.type !== 'stdio') return null;
  // Options of the launcher, such as a mounted folder, have no meaning in a container of ours.
  if (each.runtimeArguments.length > 0 && each.registryType === 'oci') return null;
  const version = each.version ?? '';
  switch (each.registryType) {
    case 'npm':
      return /^(@[\w.~-]+\/)?[\w.~-]+$/.test(each.identifier) && isVersion(version)
        ? { kind: 'npm', package: each.identifier, version, integrity: null, bin: null }
        : null;
    case 'pypi':
      return /^[\w.-]+$/.test(each.identifier) && isVersion(version)
        ? { kind: 'pypi', package: each.identifier, version, integrity: null, command: null }
        : null;
    case 'oci':
      return /^[\w./:@-]+$/.test(each.identifier)
        ? { kind: 'oci', image: withTag(each.identifier, version) }
        : null;
    default:
      return null;
  }
}

function isVersion(text: string): boolean {
  return /^\d[\w.+!-]*$/.test(text);
}

function withTag(image: string, version: string): string {
  const isTagged = /[:@][^/]*$/.test(image);
  return isTagged || !isVersion(version) ? image : `${image}:${version}`;
}

/** Fixed arguments as they are; each that a person must fill in becomes a variable. */
function argumentsOf(each: Package): { args: string[]; variables: Variable[] } {
  const variables: Variable[] = each.environmentVariables.map((variable) => ({
    ...described(variable),
    name: variable.name,
  }));
  const args = each.packageArguments.flatMap((given, index) => {
    const option = given.type === 'named' && given.name ? [given.name] : [];
    const fixed = given.value ?? given.default;
    if (fixed !== undefined && !/\{[\w-]+\}/.test(fixed)) return [...option, fixed];
    if (!given.isRequired) return given.type === 'named' && fixed === '' ? option : [];
    const name = `ARG_${(given.valueHint ?? given.name ?? String(index + 1)).replace(/\W+/g, '_').toUpperCase()}`;
    variables.push({ ...described(given), name, required: true });
    return [...option, `\${${name}}`];
  });
  return { args: args.map((arg) => arg.slice(0, 1000)), variables };
}

function described(given: z.infer<typeof value>): Omit<Variable, 'name'> {
  const usual = given.value ?? given.default;
  return {
    description: plainText(given.description ?? '', longest.sentence),
    required: given.isRequired ?? false,
    secret: given.isSecret ?? false,
    ...(usual !== undefined && !/[{}]/.test(usual) ? { default: usual } : {}),
    ...(given.format === 'filepath' ? { isFile: true } : {}),
  };
}

function dayOf(time: string | undefined): string | null {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? null : new Date(at).toISOString().slice(0, 10);
}
