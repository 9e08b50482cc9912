import type { Clock } from '../../base/clock';
import type { KeyPath } from '../yaml/keyPath';
import { applicationsOf } from './argoSet';
import { applicationOf, releasesOf } from './argo';
import type { DeployedFolder } from './argo';
import { autoscalersOf } from './autoscalers';
import type { Autoscaler } from './autoscalers';
import { filesByName, outsideByName } from './byName';
import { chartsOf } from './charts';
import type { Chart } from './charts';
import { helmReleaseOf } from './flux';
import { helmfileReleases } from './helmfile';
import { kustomizeReleases } from './kustomizeCharts';
import type { Mount } from './layer';
import type { NameFit } from './names';
import { Reader } from './reader';
import type { Release } from './release';
import { filesOfRelease } from './releaseFiles';
import { Sources } from './sources';
import type { Target } from './target';
import { unsupported } from './unsupported';
import { walk } from './walk';
import { workloadKinds, workloadReleases } from './workloads';

/** A file, or a part of one, that may hold the values of an application. */
export interface ValuesFile {
  /** Absolute folder that was searched. */
  root: string;
  /** Relative to the root, with `/`. */
  path: string;
  /** Position of the YAML document in the file; undefined for a values file, of which the first counts. */
  document: number | undefined;
  /** Where the application's values stand in the document; goes on inside strings that hold YAML. */
  prefix: KeyPath;
  /** Single scalars that stand elsewhere than where they count, such as Argo CD's parameters; else null. */
  mounts: readonly Mount[] | null;
  /** Why it could be this file, in a person's words. */
  why: string;
  /** Of files found by their names: values of a higher rank win over those of a lower one. */
  rank: number;
  fit: Exclude<NameFit, 'none'>;
  /** `prod` of `values-prod.yaml`; null for the base file. */
  environment: string | null;
  /** The application's chart, where its templates are in the repository. */
  chart: Chart | null;
  /** The release that takes it; null for a file that was found by its name only. */
  release: ReleaseUse | null;
}

/** How a release takes a file. */
export interface ReleaseUse {
  /** The same for all files of one release, and only for those. */
  id: number;
  title: string;
  kind: 'chart' | 'workload';
  /** Position among what sets the release's values: the lowest wins. */
  order: number;
  /** Whether the running object's labels name this release, another, or do not tell. */
  identity: 'named' | 'unknown' | 'other';
  namespace: string | null;
  words: readonly string[];
  /** What wins over this file and cannot be edited here, in words. */
  gaps: readonly string[];
}

export interface SearchResult {
  /** Highest rank first; those of a release in the order in which they win. */
  files: readonly ValuesFile[];
  /** Files that would fit but are links out of their root. */
  outside: readonly string[];
  /** Files that may count and cannot be read, with the reason in words. */
  unreadable: readonly { path: string; why: string }[];
  /** What sets values and is never edited: templates, secrets, programs that write manifests. */
  advice: readonly string[];
  /** Those with manifests of their own that name the application's workload. */
  autoscalers: readonly Autoscaler[];
  /** False when the search ended at its limit of time or files. */
  complete: boolean;
}

/** A search ends after this time or this many directory entries, with what it has. */
export const searchLimits = { milliseconds: 3_000, entries: 20_000 };

/**
 * Finds the values of a running object in every root, within {@link searchLimits}.
 * @throws code `cancelled`
 */
export async function findValuesFiles(
  roots: readonly string[],
  target: Target,
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
    const inTime = () => !signal.aborted && clock.monotonic() <= limits.until;
    results.push(await searchIndex(new Reader(index, inTime), target));
  }
  return {
    files: results.flatMap((result) => result.files).sort((a, b) => b.rank - a.rank),
    outside: results.flatMap((result) => result.outside),
    unreadable: results.flatMap((result) => result.unreadable),
    advice: results.flatMap((result) => result.advice),
    autoscalers: results.flatMap((result) => result.autoscalers),
    complete: results.every((result) => result.complete),
  };
}

async function searchIndex(reader: Reader, target: Target): Promise<SearchResult> {
  const charts = await chartsOf(reader);
  const byName = { reader, app: target.app, charts };
  const named = await filesByName(byName);
  const sources = await Sources.read(reader, target);
  const released: ValuesFile[] = [];
  const gaps = new Set<string>();
  for (const [id, release] of (await releasesIn(sources, target, charts)).entries()) {
    const found = await filesOfRelease(release, id, { reader, target, charts });
    released.push(...found.files);
    for (const gap of found.gaps) gaps.add(gap);
  }
  return {
    files: [...released, ...named.filter((file) => !released.some((one) => sameFile(one, file)))],
    outside: outsideByName(byName),
    unreadable: [...reader.unreadable].map(([path, why]) => ({ path, why })),
    advice: [...gaps, ...unsupported(reader.index)],
    autoscalers: autoscalersOf(sources.objects, target),
    complete: reader.index.complete && reader.inTime(),
  };
}

function sameFile(one: ValuesFile, other: ValuesFile): boolean {
  return one.path === other.path && one.release?.kind === 'chart';
}

async function releasesIn(
  sources: Sources,
  target: Target,
  charts: readonly Chart[],
): Promise<Release[]> {
  const { reader } = sources;
  const applications = sources.ofKind('Application').map(applicationOf);
  for (const set of sources.ofKind('ApplicationSet')) {
    applications.push(...(await applicationsOf(set, reader)));
  }
  const deployed = applications.map((application) => releasesOf(application, reader, charts));
  const folders = deployed.flatMap((each) => each.folders);
  return [
    ...deployed.flatMap((each) => each.releases),
    ...(await Promise.all(
      sources.ofKind('HelmRelease').map((manifest) => helmReleaseOf(manifest, sources, charts)),
    )),
    ...(await helmfileReleases(reader, charts)),
    ...sources.builds
      .flatMap((build) => kustomizeReleases(build, reader, target))
      .map((release) => deployedBy(release, folders)),
    ...sources.objects
      .filter(({ kind }) => workloadKinds.has(kind))
      .flatMap((manifest) => workloadReleases(manifest, target))
      .map((release) => deployedBy(release, folders)),
  ];
}

/** A release in a folder that an Application deploys is that Application's. */
function deployedBy(release: Release, folders: readonly DeployedFolder[]) {
  const by = folders.find(({ folder }) => folder === release.folder);
  if (!by) return release;
  return {
    ...release,
    names: { ...release.names, argoApplication: by.application },
    words: [...release.words, ...by.words],
  };
}
