import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'yaml';

import { isData } from '../../base/data';
import type { Values } from './coalesce';

/** A chart in a folder, with the charts that lie unpacked in it. */
export interface ChartFolder {
  /** The name in its `Chart.yaml`, else the folder's. */
  name: string;
  /** Its `values.yaml`; empty where there is none that can be read. */
  defaults: Values;
  /** Its `values.schema.json` as text. */
  schema: string | null;
  subcharts: readonly { key: string; condition: string | null; chart: ChartFolder }[];
  /** Charts in it that are packed, and so not read. */
  packed: readonly string[];
}

const maximumBytes = 5 * 1024 * 1024;
const maximumDepth = 5;

/** Reads a chart; links are not followed. Undefined where the folder holds no `Chart.yaml`. */
export async function readChartFolder(folder: string, depth = 0): Promise<ChartFolder | undefined> {
  const about = await readYaml(join(folder, 'Chart.yaml'));
  if (!about || depth > maximumDepth) return undefined;
  const found = await readdir(join(folder, 'charts'), { withFileTypes: true }).catch(() => []);
  const dependencies = dependenciesOf(about);
  const subcharts: { key: string; condition: string | null; chart: ChartFolder }[] = [];
  for (const entry of found.filter((one) => one.isDirectory())) {
    const chart = await readChartFolder(join(folder, 'charts', entry.name), depth + 1);
    if (!chart) continue;
    const uses = dependencies.filter(({ name }) => name === chart.name);
    const own = uses.length > 0 ? uses : [{ name: chart.name, key: chart.name, condition: null }];
    subcharts.push(...own.map(({ key, condition }) => ({ key, condition, chart })));
  }
  const name = about['name'];
  return {
    name: typeof name === 'string' ? name : folder,
    defaults: (await readYaml(join(folder, 'values.yaml'))) ?? {},
    schema: (await readText(join(folder, 'values.schema.json'))) ?? null,
    subcharts,
    packed: found.filter((one) => one.name.endsWith('.tgz')).map((one) => one.name),
  };
}

function dependenciesOf(about: Values): { name: string; key: string; condition: string | null }[] {
  const list: unknown = about['dependencies'];
  if (!Array.isArray(list)) return [];
  return list.filter(isData).flatMap(({ name, alias, condition }) => {
    if (typeof name !== 'string') return [];
    const key = typeof alias === 'string' ? alias : name;
    return [{ name, key, condition: typeof condition === 'string' ? condition : null }];
  });
}

async function readYaml(path: string): Promise<Values | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = parse(text, { logLevel: 'silent', uniqueKeys: false, merge: true });
    return isData(value) ? value : {};
  } catch {
    return {};
  }
}

async function readText(path: string): Promise<string | undefined> {
  const about = await lstat(path).catch(() => undefined);
  if (!about?.isFile() || about.size > maximumBytes) return undefined;
  return await readFile(path, 'utf8').catch(() => undefined);
}
