import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../base/clock';
import { makePrivateFolder, readIfThere, writeAtomically } from '../base/privateFiles';
import type { CatalogueEntry } from './entry';

/** What a source answered, and when. */
export interface CachedAnswer {
  /** ISO 8601. */
  at: string;
  entries: readonly CatalogueEntry[];
}

/** Answers that are kept, over all sources; the oldest go first. */
const mostFiles = 100;

/** The last answers of remote sources, so that a search also says something without a network. */
export class AnswerCache {
  /** @param folder the catalogue's own folder of the data folder */
  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
  ) {}

  /** What was kept; undefined when there is nothing that can be read. */
  async get(source: string, words: string): Promise<CachedAnswer | undefined> {
    try {
      const content = await readIfThere(this.path(source, words));
      if (!content) return undefined;
      const kept = JSON.parse(content.toString('utf8')) as { schema?: unknown } & CachedAnswer;
      const isWhole = kept.schema === schema && Array.isArray(kept.entries);
      return isWhole && !Number.isNaN(Date.parse(kept.at)) ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  async put(source: string, words: string, entries: readonly CatalogueEntry[]): Promise<void> {
    await makePrivateFolder(this.folder);
    const at = new Date(this.clock.now()).toISOString();
    await writeAtomically(this.path(source, words), JSON.stringify({ schema, at, entries }));
    await this.removeOldest();
  }

  private path(source: string, words: string): string {
    const name = createHash('sha256').update(`${source}\n${words}`).digest('hex').slice(0, 32);
    return join(this.folder, `${name}.json`);
  }

  private async removeOldest(): Promise<void> {
    const names = await readdir(this.folder);
    if (names.length <= mostFiles) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.folder, name);
        return {
          path,
          at: await stat(path).then(
            (it) => it.mtimeMs,
            () => 0,
          ),
        };
      }),
    );
    const oldest = files.sort((a, b) => a.at - b.at).slice(0, names.length - mostFiles);
    await Promise.all(oldest.map(({ path }) => rm(path, { force: true })));
  }
}

/** Of what a kept entry looks like; another version is not read. */
const schema = 1;
