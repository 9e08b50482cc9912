import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { parse } from 'yaml';

import type { FileIndex } from './walk';

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
}

const maximumCharts = 500;

/** The charts of an index. A Chart.yaml that cannot be read counts by its folder's name. */
export async function chartsOf(index: FileIndex): Promise<Chart[]> {
  const found = index.files.filter((path) => posix.basename(path) === 'Chart.yaml');
  return await Promise.all(found.slice(0, maximumCharts).map((path) => readChart(index, path)));
}

async function readChart(index: FileIndex, path: string): Promise<Chart> {
  const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
  const below = folder ? `${folder}/` : '';
  const chart = await readMapping(join(index.root, path));
  // Charts of API version v1 list their dependencies in a file of their own.
  const requirements = index.files.includes(`${below}requirements.yaml`)
    ? await readMapping(join(index.root, `${below}requirements.yaml`))
    : {};
  return {
    folder,
    name: typeof chart['name'] === 'string' ? chart['name'] : posix.basename(folder),
    dependencies: [chart['dependencies'], requirements['dependencies']].flatMap(dependenciesOf),
    templates: index.files.filter((file) => file.startsWith(`${below}templates/`)),
  };
}

async function readMapping(path: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = parse(await readFile(path, 'utf8'), { logLevel: 'silent' });
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function dependenciesOf(list: unknown): ChartDependency[] {
  if (!Array.isArray(list)) return [];
  return list
    .filter(isRecord)
    .flatMap(({ name, alias }) =>
      typeof name === 'string' ? [{ name, key: typeof alias === 'string' ? alias : name }] : [],
    );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
