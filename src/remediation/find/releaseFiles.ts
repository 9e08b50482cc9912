import { isData } from '../../base/data';
import type { KeyPath } from '../yaml/keyPath';
import { chartAt, defaultsOf, subchartsOf } from './charts';
import type { Chart } from './charts';
import { isGap, isLayer, layerOf, partOf, sameLayer } from './layer';
import type { Gap, Layer } from './layer';
import { sameName } from './names';
import type { NameFit } from './names';
import type { Reader } from './reader';
import type { Release } from './release';
import { bestFit, isFullName } from './target';
import type { Target } from './target';
import type { ReleaseUse, ValuesFile } from './valuesFiles';

/** What places a release's values need. */
export interface ReleaseSearch {
  reader: Reader;
  target: Target;
  charts: readonly Chart[];
}

type Fit = Exclude<NameFit, 'none'>;

/** Where the target's values stand below those of the release. */
interface Use {
  keys: readonly string[];
  fit: Fit;
  /** Its chart, and those around it, outermost first. */
  chart: Chart | null;
  around: readonly (Chart | null)[];
}

/** What a release says of a target. */
export interface ReleaseFiles {
  /** Every place that may set the target's values, what wins first; none if it is not in the release. */
  files: readonly ValuesFile[];
  /** What sets its values too and is never edited, in sentences without their end. */
  gaps: readonly string[];
}

/** Looks for a target's values in a release. */
export async function filesOfRelease(
  release: Release,
  id: number,
  search: ReleaseSearch,
): Promise<ReleaseFiles> {
  const uses = release.chart === null ? [directUse(null)] : await usesOf(release, search);
  const files: ValuesFile[] = [];
  const gaps: string[] = [];
  for (const use of uses) {
    for (const layer of layersOf(release, use, search.reader)) {
      if (isGap(layer)) gaps.push(`${release.title}: ${layer.gap}`);
      else if (await mayHold(search.reader, layer)) {
        const found = { ...releaseUse(release, search.target), id, order: files.length };
        files.push(fileOf(layer, use, search.reader, { ...found, gaps: [...gaps] }));
      }
    }
  }
  return { files, gaps };
}

function fileOf(layer: Layer, use: Use, { index }: Reader, release: ReleaseUse): ValuesFile {
  const [only, ...others] = layer.mounts;
  const isPlain = only !== undefined && others.length === 0 && only.at.length === 0;
  return {
    root: index.root,
    path: layer.path,
    document: layer.document,
    prefix: isPlain ? only.path : [],
    mounts: isPlain ? null : layer.mounts,
    why: release.title,
    rank: 0,
    fit: use.fit,
    environment: null,
    chart: use.chart,
    release,
  };
}

function releaseUse(release: Release, target: Target): Omit<ReleaseUse, 'id' | 'order' | 'gaps'> {
  const { title, namespace, words } = release;
  const kind = release.chart === null ? 'workload' : 'chart';
  return { title, kind, identity: identityOf(release, target), namespace, words };
}

/** Whether the object's labels name this release, another one, or none. */
function identityOf({ names }: Release, target: Target): ReleaseUse['identity'] {
  const known = [
    [names.argoApplication, target.argoApplication],
    [names.fluxRelease, target.fluxRelease],
    [names.release, target.release],
  ] as const;
  const told = known.filter(([one, other]) => one !== null && other !== null);
  if (told.length === 0) return 'unknown';
  return told.some(([one, other]) => one === other) ? 'named' : 'other';
}

function directUse(chart: Chart | null, fit: Fit = 'same'): Use {
  return { keys: [], fit, chart, around: [] };
}

async function usesOf(release: Release, search: ReleaseSearch): Promise<Use[]> {
  const { target, charts, reader } = search;
  const { names, chart } = release;
  const local = chartAt(charts, chart?.folder ?? null);
  const inside = subchartUses(release, local, search);
  const all = [names.release, names.argoApplication, names.fluxRelease];
  const own = [...all, chart?.name ?? null];
  const isFull = all.some(
    (name) => name !== null && isFullName(name, chart?.name ?? null, target.app),
  );
  const isChart = target.chart !== null && sameName(chart?.name ?? '', target.chart);
  const fit = isFull || isChart ? 'same' : bestFit(own, target.app);
  // A chart that only wraps another one has no templates of its own.
  const wraps = inside.length > 0 && (local?.templates.length ?? 0) === 0;
  if (fit !== 'none') return wraps ? inside : [...inside, directUse(local, fit)];
  if (inside.length > 0) return inside;
  const key = await keyIn(release, target.app, reader);
  if (key !== undefined) return [{ keys: [key], fit: 'same', chart: null, around: [local] }];
  return identityOf(release, target) === 'named' ? [directUse(local)] : [];
}

function subchartUses(
  { names }: Release,
  chart: Chart | null,
  { target, charts }: ReleaseSearch,
): Use[] {
  if (chart === null) return [];
  return subchartsOf(chart, charts).flatMap(({ name, keys, chart: own, around }): Use[] => {
    const key = keys.at(-1) ?? name;
    const isFull = names.release !== null && isFullName(names.release, key, target.app);
    const isOwn = sameName(key, target.app) || sameName(name, target.app);
    const fit = isOwn || (isFull && key !== '') ? 'same' : bestFit([key], target.app);
    // The release's own name says nothing of the charts that it brings along.
    if (fit === 'none' || (isFull && !isOwn && bestFit([key], target.app) === 'none')) return [];
    return [{ keys, fit, chart: own, around }];
  });
}

/** The key at the top of the release's values that is the application's: a remote chart's subchart. */
async function keyIn(release: Release, app: string, reader: Reader): Promise<string | undefined> {
  for (const layer of release.layers.filter(isLayer)) {
    for (const { at, value } of await reader.valuesOf(layer)) {
      const keys = at.length > 0 ? [String(at[0])] : isData(value) ? Object.keys(value) : [];
      const found = keys.find((key) => sameName(key, app));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The release's values, then the charts' own from the outside in, then what is global. */
function layersOf({ layers, chart }: Release, use: Use, reader: Reader): (Layer | Gap)[] {
  const { keys, around } = use;
  const given = layers.flatMap((layer) => (isGap(layer) ? layer : (partOf(layer, keys) ?? [])));
  const outer = around.flatMap((each, depth) => defaults(each, keys.slice(depth), reader));
  const own = chart === null ? [] : defaults(use.chart, [], reader);
  const editable = layers.filter(isLayer);
  const tops = [...editable, ...around.slice(0, 1).flatMap((each) => defaults(each, [], reader))];
  const globals = keys.length === 0 ? [] : tops.flatMap((layer) => globalPart(layer) ?? []);
  const all = [...given, ...outer, ...own, ...globals];
  return all.filter(
    (layer, index) =>
      isGap(layer) || all.findIndex((one) => !isGap(one) && sameLayer(one, layer)) === index,
  );
}

function defaults(chart: Chart | null, keys: KeyPath, reader: Reader): Layer[] {
  if (chart === null || !reader.has(defaultsOf(chart))) return [];
  return [layerOf(defaultsOf(chart), undefined, keys)];
}

/** What every chart of a release sees under `global`. */
function globalPart(layer: Layer): Layer | undefined {
  const part = partOf(layer, ['global']);
  if (!part) return undefined;
  return { ...part, mounts: part.mounts.map((each) => ({ ...each, at: ['global', ...each.at] })) };
}

/** False for a layer that is certain to hold nothing. */
async function mayHold(reader: Reader, layer: Layer): Promise<boolean> {
  const values = await reader.valuesOf(layer);
  const holds = values.some(({ value }) => value !== undefined && value !== null);
  return holds || reader.unreadable.has(layer.path) || !reader.inTime();
}
