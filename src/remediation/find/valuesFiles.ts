import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

import type { Clock } from '../../base/clock';
import type { KeyPath } from '../yaml/keyPath';
import type { Chart } from './charts';
import { chartsOf } from './charts';
import type { NameFit } from './names';
import { fitOf, sameName } from './names';
import type { FileIndex } from './walk';
import { walk } from './walk';

/** A file that may hold the values of an application. */
export interface ValuesFile {
  /** Absolute folder that was searched. */
  root: string;
  /** Relative to the root, with `/`. */
  path: string;
  /** Where the application's values stand in it: a subchart's key, or nothing for the top. */
  prefix: KeyPath;
  /** Why it could be this file, in a person's words. */
  why: string;
  /** What overrides what: values of a higher rank win over those of a lower one. */
  rank: number;
  fit: Exclude<NameFit, 'none'>;
  /** `prod` of `values-prod.yaml`; null for the base file. */
  environment: string | null;
  /** The application's chart, where its templates are in the repository. */
  chart: Chart | null;
}

export interface SearchResult {
  /** Highest rank first. */
  files: readonly ValuesFile[];
  /** Files that would fit but are links out of their root. */
  outside: readonly string[];
  /** False when the search ended at its limit of time or files. */
  complete: boolean;
}

/** A search ends after this time or this many directory entries, with what it has. */
export const searchLimits = { milliseconds: 3_000, entries: 20_000 };

/** Files whose top level is looked at for the application's key. */
const maximumPeeks = 200;

const ranks = { helmValues: 60, umbrella: 50, folder: 40, fileName: 30, key: 20, chart: 10 };

/**
 * Finds the values files of an application in every root, within {@link searchLimits}.
 * @throws code `cancelled`
 */
export async function findValuesFiles(
  roots: readonly string[],
  app: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<SearchResult> {
  const limits = {
    clock,
    until: clock.monotonic() + searchLimits.milliseconds,
    entries: searchLimits.entries,
  };
  const results: SearchResult[] = [];
  for (const root of new Set(roots)) {
    const index = await walk(root, limits, signal);
    results.push(await searchIndex(index, app));
  }
  return {
    files: results.flatMap((result) => result.files).sort((a, b) => b.rank - a.rank),
    outside: results.flatMap((result) => result.outside),
    complete: results.every((result) => result.complete),
  };
}

async function searchIndex(index: FileIndex, app: string): Promise<SearchResult> {
  const charts = await chartsOf(index);
  const context = { root: index.root, app, charts };
  const named = index.files
    .filter(looksLikeValues)
    .map((path) => ({ path, found: byPlace(context, path) }));
  const files = named.flatMap(({ found }) => found);
  const unnamed = named.filter(({ found }) => found.length === 0).slice(0, maximumPeeks);
  files.push(...(await Promise.all(unnamed.map(({ path }) => byKey(context, path)))).flat());
  const outside = index.outside.filter(
    (path) => looksLikeValues(path) && byPlace(context, path).length > 0,
  );
  return { files, outside, complete: index.complete };
}

interface SearchContext {
  root: string;
  app: string;
  charts: readonly Chart[];
}

const valuesName = /^values(?:[-._](?<environment>[\w.-]+?))?\.ya?ml$/i;

/** Folders of charts and repositories whose values no release uses. */
const notReleased = /(?:^|\/)(?:templates|ci|tests?|examples)\//;

/** `values*.yaml` anywhere; any YAML file in a folder that is named for values. */
function looksLikeValues(path: string): boolean {
  if (notReleased.test(path)) return false;
  const name = posix.basename(path);
  return valuesName.test(name) || /values/i.test(name) || /(?:^|\/)[\w-]*values\//i.test(path);
}

/** What the file's place says: its folder, its chart, its name. */
function byPlace(context: SearchContext, path: string): ValuesFile[] {
  const { app, charts } = context;
  const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
  const chart = charts.find((candidate) => candidate.folder === folder);
  const found: ValuesFile[] = [];
  const add = (file: Pick<ValuesFile, 'why' | 'rank' | 'fit'> & Partial<ValuesFile>): void => {
    found.push({ ...describe(context, path), ...file });
  };
  if (chart) {
    const fits = [fitOf(chart.name, app), fitOf(posix.basename(folder), app)];
    const fit = fits.includes('same') ? 'same' : fits.includes('release') ? 'release' : 'none';
    if (fit !== 'none') add({ why: `chart ${chart.name}`, rank: ranks.chart, fit, chart });
    for (const { name, key } of chart.dependencies) {
      const keyFit = sameName(key, app) || sameName(name, app) ? 'same' : fitOf(key, app);
      if (keyFit === 'none') continue;
      const why = `${key} is a dependency of the chart ${chart.name}`;
      const subchart = charts.find((other) => sameName(other.name, name)) ?? null;
      add({ why, rank: ranks.umbrella, fit: keyFit, prefix: [key], chart: subchart });
    }
    return found;
  }
  const segment = folder.split('/').findLast((part) => fitOf(part, app) !== 'none');
  if (segment !== undefined) {
    const known = /(?:^|\/)helm[-_]?values\//.test(path);
    const fit = fitOf(segment, app) === 'same' ? 'same' : 'release';
    add({ why: `folder ${folder}`, rank: known ? ranks.helmValues : ranks.folder, fit });
  } else if (sameName(ownName(path), app)) {
    add({ why: `named after ${app}`, rank: ranks.fileName, fit: 'same', environment: null });
  }
  return found;
}

/** A values file of something larger that holds the application under a key of its own. */
async function byKey(context: SearchContext, path: string): Promise<ValuesFile[]> {
  const text = await readFile(join(context.root, path), 'utf8').catch(() => '');
  const keys = [...text.matchAll(/^["']?([\w.-]+)["']?:(?:[ \t]*(?:#.*|&\S+[ \t]*)?)\r?$/gm)];
  const key = keys.map(([, name = '']) => name).find((name) => sameName(name, context.app));
  if (key === undefined) return [];
  const why = `holds the key ${key}`;
  return [{ ...describe(context, path), why, rank: ranks.key, fit: 'same', prefix: [key] }];
}

function describe(
  { root, app, charts }: SearchContext,
  path: string,
): Pick<ValuesFile, 'root' | 'path' | 'prefix' | 'environment' | 'chart'> {
  const environment = valuesName.exec(posix.basename(path))?.groups?.['environment'] ?? null;
  const chart = charts.find(
    (candidate) => candidate.templates.length > 0 && sameName(candidate.name, app),
  );
  return { root, path, prefix: [], environment, chart: chart ?? null };
}

/** `grafana` of `grafana.yaml`, `grafana-values.yaml`, `values-grafana.yaml`. */
function ownName(path: string): string {
  return posix
    .basename(path)
    .replace(/\.ya?ml$/i, '')
    .replace(/^values[-._]|[-._]values$/i, '');
}
