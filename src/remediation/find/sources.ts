import { setImmediate } from 'node:timers/promises';

import { isAutoscaler } from './autoscalers';
import { listAt, textAt, textsAt } from './data';
import { buildsOf, isKustomization } from './kustomize';
import type { Build, Kustomization } from './kustomize';
import { layerOf } from './layer';
import type { Layer } from './layer';
import { configMapLayers, manifestsIn } from './manifest';
import type { Manifest } from './manifest';
import { folderOf, pathFrom } from './reader';
import type { Reader } from './reader';
import type { Target } from './target';
import { workloadKinds } from './workloads';

/** Kinds that deploy others, read wherever they are. */
const deployers = new Set(['Application', 'ApplicationSet', 'HelmRelease']);

const kindPattern = /^[ \t-]*["']?kind["']?:[ \t]*["']?(\w+)/gm;

/** Files that are read before others may run. */
const together = 32;

/** The Kubernetes objects of a repository that may decide a target's values. */
export class Sources {
  private constructor(
    readonly reader: Reader,
    /** All but ConfigMaps, which are looked up by name. */
    readonly objects: readonly Manifest[],
    readonly builds: readonly Build[],
    private readonly kinds: ReadonlyMap<string, FileKinds>,
  ) {}

  /** Reads what deploys anything, and the workloads and autoscalers that name the target. */
  static async read(reader: Reader, target: Target): Promise<Sources> {
    const kinds = await kindsOf(reader, target);
    const objectsOf = async (path: string, folder: string): Promise<Manifest[]> => {
      const found = kinds.get(path);
      if (!found || !isWorthReading(found)) return [];
      return manifestsIn(await reader.parse(path), path, folder).filter(
        ({ kind }) => deployers.has(kind) || isOfTarget(kind),
      );
    };
    const builds = await buildsOf(reader, objectsOf);
    const taken = new Set(builds.flatMap(({ files }) => [...files]));
    const objects = builds.flatMap((build) => build.objects);
    const alone = [...kinds].filter(([path]) => !taken.has(path));
    // What names the target comes first, in case the time ends before the rest is read.
    for (const named of [true, false]) {
      for (const [path] of alone.filter(([, { mentions }]) => mentions === named)) {
        objects.push(...(await objectsOf(path, folderOf(path))));
      }
    }
    return new Sources(reader, objects, builds, kinds);
  }

  /** The objects of a kind. */
  ofKind(kind: string): Manifest[] {
    return this.objects.filter((object) => object.kind === kind);
  }

  /** What sets the values under a key of a ConfigMap that a release names, what wins first. */
  async configMap(name: string, key: string, release: Manifest): Promise<Layer[]> {
    const folders = new Set(
      release.layers.map(({ path }) => folderOf(path)).concat(release.folder),
    );
    const generated = this.builds
      .flatMap(({ parts }) => parts)
      .flatMap((part) => generatedValues(part, name, key, this.reader))
      .sort((one, other) => rankOf(folders, one.folder) - rankOf(folders, other.folder));
    const [nearest] = generated;
    if (nearest) return [nearest.layer];
    const written: Manifest[] = [];
    for (const [path, found] of this.kinds) {
      if (!found.kinds.has('ConfigMap')) continue;
      if (!(await this.reader.text(path)).includes(name)) continue;
      const objects = manifestsIn(await this.reader.parse(path), path, folderOf(path));
      written.push(...objects.filter((each) => each.kind === 'ConfigMap' && each.name === name));
    }
    const near = written.sort(
      (one, other) => rankOf(folders, one.folder) - rankOf(folders, other.folder),
    );
    const [first] = near;
    return first ? configMapLayers(first, key) : [];
  }
}

/** Files of the release's own folders before others. */
function rankOf(folders: ReadonlySet<string>, folder: string): number {
  return folders.has(folder) ? 0 : 1;
}

/** The file that a `configMapGenerator` puts under a key. */
function generatedValues(
  { data, folder }: Kustomization,
  name: string,
  key: string,
  reader: Reader,
): { layer: Layer; folder: string }[] {
  return listAt(data, 'configMapGenerator')
    .filter((generator) => textAt(generator, 'name') === name)
    .flatMap((generator) => textsAt(generator, 'files'))
    .flatMap((entry) => {
      const [under, file] = entry.includes('=') ? entry.split('=', 2) : [undefined, entry];
      const path = pathFrom(folder, file ?? entry);
      if (path === null || !reader.has(path)) return [];
      const isKey = (under ?? path.split('/').at(-1)) === key;
      return isKey ? [{ layer: layerOf(path), folder }] : [];
    });
}

interface FileKinds {
  kinds: ReadonlySet<string>;
  /** True if a name of the target stands in it. */
  mentions: boolean;
}

function isWorthReading({ kinds, mentions }: FileKinds): boolean {
  if ([...kinds].some((kind) => deployers.has(kind))) return true;
  return mentions && [...kinds].some(isOfTarget);
}

/** Kinds that count where they name the target. */
function isOfTarget(kind: string): boolean {
  return workloadKinds.has(kind) || isAutoscaler(kind);
}

/** The kinds that files name, found by their text: most files need no parsing then. */
async function kindsOf(reader: Reader, target: Target): Promise<Map<string, FileKinds>> {
  const names = [target.app, target.container, target.release].flatMap((name) =>
    name === null ? [] : [squeezed(name)],
  );
  const found = new Map<string, FileKinds>();
  const paths = reader.index.files.filter(
    (path) => /\.ya?ml$/i.test(path) && !isKustomization(path) && !/(?:^|\/)templates\//.test(path),
  );
  for (let first = 0; first < paths.length && reader.inTime(); first += together) {
    await setImmediate();
    await Promise.all(
      paths.slice(first, first + together).map(async (path) => {
        const text = await reader.text(path);
        const kinds = new Set([...text.matchAll(kindPattern)].map(([, kind = '']) => kind));
        if (kinds.size === 0) return;
        const short = squeezed(text);
        found.set(path, { kinds, mentions: names.some((name) => short.includes(name)) });
      }),
    );
  }
  return found;
}

/** Names are alike whatever separates their words. */
function squeezed(text: string): string {
  return text.toLowerCase().replace(/[-_.]/g, '');
}
