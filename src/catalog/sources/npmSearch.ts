import { z } from 'zod';

import { messageOf } from '../../base/errors';
import { anyHost, type CatalogueEntry } from '../entry';
import { firstSentence, longest, plainText, slug } from '../text';
import type { Source, SourceAnswer } from './source';

/**
 * Searches the npm registry and gives what it says of each package, unchecked.
 * @throws Error with the reason, as an end of "did not answer: "
 */
export type PackageSearch = (text: string, signal: AbortSignal) => Promise<readonly unknown[]>;

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

  constructor(private readonly results: PackageSearch) {}

  async search(words: string, signal: AbortSignal): Promise<SourceAnswer> {
    const results = await this.results(`${words} mcp server`.trim(), signal).catch((error) => {
      signal.throwIfAborted();
      throw new Error(plainText(messageOf(error), longest.sentence), { cause: error });
    });
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
