import search from 'libnpmsearch';
import { z } from 'zod';

import { messageOf } from '../../base/errors';
import type { CatalogueEntry } from '../entry';
import { firstSentence, longest, plainText, slug } from '../text';
import type { Source, SourceAnswer } from './source';

/** What npm's own libraries take: registries, credentials, proxy, certificates. Not to be logged. */
export type NpmOptions = Readonly<Record<string, unknown>>;

const mostResults = 50;

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

  /** The first results, as they come: nothing beyond them is read. */
  private async results(text: string, signal: AbortSignal): Promise<unknown[]> {
    const results: unknown[] = [];
    const stop = new AbortController();
    const options = {
      ...(await this.options()),
      limit: mostResults,
      // A search is asked once; what is slow is left out rather than tried again.
      fetchRetries: 0,
      signal: AbortSignal.any([signal, stop.signal]),
    };
    try {
      for await (const result of search.stream(text, options)) {
        results.push(result);
        if (results.length >= mostResults) break;
      }
      return results;
    } catch (error) {
      signal.throwIfAborted();
      throw new Error(reasonOf(error), { cause: error });
    } finally {
      stop.abort();
    }
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
    hosts: [],
    tools: [],
    looks: [],
    needsBuild: false,
    origin: 'npm',
    releasedOn: Number.isNaN(at) ? null : new Date(at).toISOString().slice(0, 10),
    provenance: { startedOn: null, transcript: null, notStarted: null },
  };
}
