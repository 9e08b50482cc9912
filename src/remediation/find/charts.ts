import { posix } from 'node:path';

import { listAt, textAt } from './data';
import { sameName } from './names';
import { folderOf, pathFrom } from './reader';
import type { Reader } from './reader';

/** A Helm chart in the repository. */
export interface Chart {
  /** Relative to the root, with `/`; empty for the root itself. */
  folder: string;
  name: string;
  dependencies: readonly ChartDependency[];
  /** Its template files, relative to the root. */
  templates: readonly string[];
}

export interface ChartDependency {
  name: string;
  /** The key under which the parent's values reach it: its alias, else its name. */
  key: string;
  /** Where it lies in this repository, as `file://` or `charts/` say; null where they do not. */
  folder: string | null;
}

/** A chart that another one brings along, at any depth. */
export interface Subchart {
  name: string;
  /** The keys that lead to its values from those of the outermost chart. */
  keys: readonly string[];
  /** Null where it is not in the repository. */
  chart: Chart | null;
  /** The charts around it, outermost first; as many as there are keys. */
  around: readonly (Chart | null)[];
}

const maximumCharts = 500;
const maximumDepth = 6;

/** The charts of an index. A Chart.yaml that cannot be read counts by its folder's name. */
export async function chartsOf(reader: Reader): Promise<Chart[]> {
  const found = reader.index.files.filter((path) => posix.basename(path) === 'Chart.yaml');
  const folders = found.slice(0, maximumCharts).map(folderOf);
  return await Promise.all(folders.map((folder) => readChart(reader, folder, folders)));
}

async function readChart(
  reader: Reader,
  folder: string,
  folders: readonly string[],
): Promise<Chart> {
  const below = folder ? `${folder}/` : '';
  const data = await reader.parseFirst(`${below}Chart.yaml`);
  // Charts of API version v1 list their dependencies in a file of their own.
  const older = reader.has(`${below}requirements.yaml`)
    ? await reader.parseFirst(`${below}requirements.yaml`)
    : {};
  const listed = [...listAt(data, 'dependencies'), ...listAt(older, 'dependencies')].flatMap(
    (entry) => dependencyOf(entry, folder, folders),
  );
  // Helm takes what lies in charts/ also where no list names it.
  const vendored = folders
    .filter((path) => folderOf(path) === `${below}charts`)
    .filter((path) => !listed.some((dependency) => dependency.folder === path))
    .map((path) => ({ name: posix.basename(path), key: posix.basename(path), folder: path }));
  return {
    folder,
    name: textAt(data, 'name') ?? posix.basename(folder),
    dependencies: [...listed, ...vendored],
    templates: reader.index.files.filter((file) => file.startsWith(`${below}templates/`)),
  };
}

function dependencyOf(
  entry: unknown,
  folder: string,
  folders: readonly string[],
): ChartDependency[] {
  const name = textAt(entry, 'name');
  if (name === null) return [];
  const repository = textAt(entry, 'repository') ?? '';
  const file = repository.startsWith('file://') ? repository.slice('file://'.length) : null;
  const near = [posix.join(folder, 'charts', name), file === null ? null : pathFrom(folder, file)];
  const place = near.find((path) => path !== null && folders.includes(path));
  return [{ name, key: textAt(entry, 'alias') ?? name, folder: place ?? null }];
}

/** The chart of a folder. */
export function chartAt(charts: readonly Chart[], folder: string | null): Chart | null {
  return charts.find((chart) => chart.folder === folder) ?? null;
}

/** The file of a chart's own values, whether or not it is there. */
export function defaultsOf(chart: Chart): string {
  return chart.folder ? `${chart.folder}/values.yaml` : 'values.yaml';
}

/** All charts that a chart brings along, the nearest first. */
export function subchartsOf(chart: Chart, charts: readonly Chart[]): Subchart[] {
  const found: Subchart[] = [];
  let level: { chart: Chart; keys: readonly string[]; around: readonly Chart[] }[] = [
    { chart, keys: [], around: [] },
  ];
  for (let depth = 0; depth < maximumDepth && level.length > 0; depth++) {
    const next: typeof level = [];
    for (const parent of level) {
      for (const dependency of parent.chart.dependencies) {
        const keys = [...parent.keys, dependency.key];
        const around = [...parent.around, parent.chart];
        const own = chartOfDependency(dependency, charts);
        found.push({ name: dependency.name, keys, chart: own, around });
        if (own && !around.includes(own)) next.push({ chart: own, keys, around });
      }
    }
    level = next;
  }
  return found;
}

function chartOfDependency({ folder, name }: ChartDependency, charts: readonly Chart[]) {
  if (folder !== null) return chartAt(charts, folder);
  return charts.find((chart) => sameName(chart.name, name)) ?? null;
}
