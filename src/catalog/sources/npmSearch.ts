import type { Readable } from 'node:stream';

import npmFetch from 'npm-registry-fetch';
import { z } from 'zod';

import { messageOf } from '../../base/errors';
import { anyHost, type CatalogueEntry } from '../entry';
import { firstSentence, longest, plainText, slug } from '../text';
import type { Source, SourceAnswer } from './source';

/** What npm's own libraries take: registries, credentials, proxy, certificates. Not to be logged. */
export type NpmOptions = Readonly<Record<string, unknown>>;

const mostResults = 50;
/** Largest answer that is read, in bytes. */
const mostBytes = 8 * 1024 * 1024;

const answer = z.object({ objects: z.array(z.object({ package: z.unknown() })) });
const found = z.object({
  name: z
    .string()
    .regex(/^(@[\w.~-]+\/)?[\w.~-]+$/)
    .max(214),
  version: z
    .string()
    .regex(/^\d[\w.+-]*$/)
    .max(128),
  description: z.string().optional(),
  keywords: z.array(z.string()).optional(),
  date: z.union([z.date(), z.string()]).optional(),
  publisher: z.object({ username: z.string() }).optional(),
});

/** The search of the npm registry that the person's `.npmrc` names. */
export class NpmSearch implements Source {
  readonly name = 'The npm registry';

  constructor(private readonly options: () => Promise<NpmOptions>) {}

  async search(words: string, signal: AbortSignal): Promise<SourceAnswer> {
    const results = await this.results(`${words} mcp server`.trim(), signal);
    const known = results.flatMap((result) => {
      const parsed = found.safeParse(result);
      return parsed.success ? [parsed.data] : [];
    });
    const unreadable = results.length - known.length;
    return {
      entries: known.filter(isServer).map(entryOf),
      notes:
        unreadable > 0
          ? [`${this.name} found ${unreadable} packages that could not be read; they are left out.`]
          : [],
    };
  }

  private async results(text: string, signal: AbortSignal): Promise<readonly unknown[]> {
    try {
      const response = await npmFetch('/-/v1/search', {
        ...(await this.options()),
        query: { text, size: mostResults },
        // What is slow or broken is left out rather than tried again, and kept by the catalogue alone.
        retry: { retries: 0 },
        cache: undefined,
        signal,
      });
      const parsed = answer.safeParse(parseJson(await boundedText(response.body)));
      if (!parsed.success) throw new Error('its answer is no list of packages');
      return parsed.data.objects.slice(0, mostResults).map((each) => each.package);
    } catch (error) {
      signal.throwIfAborted();
      throw new Error(reasonOf(error), { cause: error });
    }
  }
}

/** Reads to the end, or until it is too much. */
async function boundedText(body: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return await new Promise((resolve, reject) => {
    // It stays, since what is cut off goes on to fail when nobody waits for it any more.
    body.on('error', reject);
    body.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= mostBytes) chunks.push(chunk);
      else (body as Readable).destroy(new Error('its answer is larger than 8 MiB'));
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('its answer is not JSON');
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'E404') return 'the registry that your .npmrc names has no search';
  if (code === 'E401' || code === 'E403') return 'it refused the credentials of your .npmrc';
  return plainText(messageOf(error), longest.sentence);
}

type Found = z.infer<typeof found>;

/** Libraries, clients and inspectors come up for the same words. */
function isServer({ name, keywords = [], description = '' }: Found): boolean {
  const text = `${name} ${keywords.join(' ')} ${description}`.toLowerCase();
  return (
    /\bmcp\b|model[ -]context[ -]protocol/.test(text) && !/\b(sdk|inspector|client)\b/.test(name)
  );
}

function entryOf({
  name,
  version,
  description = '',
  keywords = [],
  date,
  publisher,
}: Found): CatalogueEntry {
  const at = date === undefined ? Number.NaN : new Date(date).getTime();
  return {
    name: slug(name.replace(/^@/, '')),
    title: plainText(name, longest.title),
    purpose: firstSentence(description),
    keywords: keywords.slice(0, 20).map((keyword) => plainText(keyword, 40).toLowerCase()),
    categories: null,
    program: { kind: 'npm', package: name, version, integrity: null, bin: null },
    args: [],
    publisher: plainText(publisher?.username ?? '', longest.name),
    official: false,
    state: 'session',
    environment: [],
    hosts: [anyHost],
    tools: [],
    looks: [],
    needsBuild: false,
    origin: 'npm',
    releasedOn: Number.isNaN(at) ? null : new Date(at).toISOString().slice(0, 10),
    provenance: { startedOn: null, transcript: null, notStarted: null },
  };
}
