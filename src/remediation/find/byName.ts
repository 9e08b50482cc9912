import { posix } from 'node:path';

import { chartAt, subchartsOf } from './charts';
import type { Chart } from './charts';
import { fitOf, sameName } from './names';
import { folderOf } from './reader';
import type { Reader } from './reader';
import type { ValuesFile } from './valuesFiles';

/** Files whose top level is looked at for the application's key. */
const maximumPeeks = 200;

/** Highest wins; an umbrella chart wins over one that it brings along. */
const ranks = { helmValues: 60, umbrella: 50, folder: 40, fileName: 30, key: 20, chart: 10 };

/** What a search by names needs. */
export interface NameSearch {
  reader: Reader;
  app: string;
  charts: readonly Chart[];
}

/** Files whose folder, chart, name or key is the application's: how values are usually laid out. */
export async function filesByName(search: NameSearch): Promise<ValuesFile[]> {
  const named = search.reader.index.files
    .filter(looksLikeValues)
    .map((path) => ({ path, found: byPlace(search, path) }));
  const files = named.flatMap(({ found }) => found);
  const unnamed = named.filter(({ found }) => found.length === 0).slice(0, maximumPeeks);
  files.push(...(await Promise.all(unnamed.map(({ path }) => byKey(search, path)))).flat());
  return files;
}

/** Files that would fit by their names but are not in the repository. */
export function outsideByName(search: NameSearch): string[] {
  return search.reader.index.outside.filter(
    (path) => looksLikeValues(path) && byPlace(search, path).length > 0,
  );
}

const valuesName = /^values(?:[-._](?<environment>[\w.-]+?))?\.ya?ml$/i;

/** Folders of charts and repositories whose values no release uses. */
const notReleased = /(?:^|\/)(?:templates|ci|tests?|examples)\//;

/** `values*.yaml` anywhere; any YAML file in a folder that is named for values. */
function looksLikeValues(path: string): boolean {
  if (notReleased.test(path) || !/\.ya?ml$/i.test(path)) return false;
  const name = posix.basename(path);
  return valuesName.test(name) || /values/i.test(name) || /(?:^|\/)[\w-]*values\//i.test(path);
}

/** What the file's place says: its folder, its chart, its name. */
function byPlace(search: NameSearch, path: string): ValuesFile[] {
  const { app, charts } = search;
  const folder = folderOf(path);
  const chart = chartAt(charts, folder);
  if (chart) return byChart(search, path, chart);
  const segment = folder.split('/').findLast((part) => fitOf(part, app) !== 'none');
  if (segment !== undefined) {
    const known = /(?:^|\/)helm[-_]?values\//.test(path);
    const fit = fitOf(segment, app) === 'same' ? 'same' : 'release';
    const rank = known ? ranks.helmValues : ranks.folder;
    return [{ ...describe(search, path), why: `folder ${folder}`, rank, fit }];
  }
  if (!sameName(ownName(path), app)) return [];
  const why = `named after ${app}`;
  const own = describe(search, path);
  return [{ ...own, why, rank: ranks.fileName, fit: 'same', environment: null }];
}

/** The values of a chart: its own, or those of a chart that it brings along. */
function byChart(search: NameSearch, path: string, chart: Chart): ValuesFile[] {
  const { app, charts } = search;
  const found: ValuesFile[] = [];
  const fits = [fitOf(chart.name, app), fitOf(posix.basename(chart.folder), app)];
  const fit = fits.includes('same') ? 'same' : fits.includes('release') ? 'release' : 'none';
  const own = describe(search, path);
  if (fit !== 'none') {
    found.push({ ...own, why: `chart ${chart.name}`, rank: ranks.chart, fit, chart });
  }
  for (const { name, keys, chart: subchart } of subchartsOf(chart, charts)) {
    const key = keys.at(-1) ?? name;
    const keyFit = sameName(key, app) || sameName(name, app) ? 'same' : fitOf(key, app);
    if (keyFit === 'none') continue;
    const why = `${keys.join('.')} is a dependency of the chart ${chart.name}`;
    // The outermost chart's values win.
    const rank = ranks.umbrella + keys.length - 1;
    found.push({ ...own, why, rank, fit: keyFit, prefix: keys, chart: subchart });
  }
  return found;
}

/** A values file of something larger that holds the application under a key of its own. */
async function byKey(search: NameSearch, path: string): Promise<ValuesFile[]> {
  const text = await search.reader.text(path);
  const keys = [...text.matchAll(/^["']?([\w.-]+)["']?:(?:[ \t]*(?:#.*|&\S+[ \t]*)?)\r?$/gm)];
  const key = keys.map(([, name = '']) => name).find((name) => sameName(name, search.app));
  if (key === undefined) return [];
  const own = describe(search, path);
  return [{ ...own, why: `holds the key ${key}`, rank: ranks.key, fit: 'same', prefix: [key] }];
}

function describe({ reader, app, charts }: NameSearch, path: string) {
  const environment = valuesName.exec(posix.basename(path))?.groups?.['environment'] ?? null;
  const chart = charts.find(
    (candidate) => candidate.templates.length > 0 && sameName(candidate.name, app),
  );
  const place = { root: reader.index.root, path, document: undefined, prefix: [], mounts: null };
  return { ...place, environment, chart: chart ?? null, release: null };
}

/** `grafana` of `grafana.yaml`, `grafana-values.yaml`, `values-grafana.yaml`. */
function ownName(path: string): string {
  return posix
    .basename(path)
    .replace(/\.ya?ml$/i, '')
    .replace(/^values[-._]|[-._]values$/i, '');
}
