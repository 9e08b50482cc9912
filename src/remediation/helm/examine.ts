import { readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { isData } from '../../base/data';
import type { Proposal, ScalarEdit } from '../../incident/proposal';
import type { ValuesFile } from '../find/valuesFiles';
import { unifiedDiff } from '../unifiedDiff';
import { applyEdits } from '../yaml/applyEdits';
import type { KeyPath } from '../yaml/keyPath';
import { ValuesDocument } from '../yaml/valuesDocument';
import { readChartFolder } from './chartFolder';
import type { ChartFolder } from './chartFolder';
import { coalesced } from './coalesce';
import type { Values } from './coalesce';
import { findHelm } from './helmProgram';
import { judgeRendering } from './judge';
import { renderChange } from './render';
import type { Rendering } from './render';
import { changedFields, objectsIn } from './renderedChange';
import { checkSchemas } from './valuesSchema';

/** A change of a values file that is about to be proposed. */
export interface Candidate {
  file: Pick<ValuesFile, 'root' | 'path' | 'prefix' | 'chart' | 'environment' | 'mounts'> & {
    document?: number | undefined;
  };
  bytes: Uint8Array;
  edits: readonly ScalarEdit[];
  /** Name of the failing container, where it is known. */
  container: string | undefined;
  app: string;
  namespace: string | null;
}

/** What the chart says of a change. */
export type Examination =
  | { kind: 'passed'; warnings: readonly string[]; rendered: Proposal['rendered'] }
  /** It must not be proposed. */
  | { kind: 'refused'; why: string };

const unexamined: Examination = { kind: 'passed', warnings: [], rendered: undefined };

/**
 * Asks the chart whether a change is right: `values.schema.json` in any case, and where Helm is
 * there whether the rendered manifests change in exactly the failing container.
 * @throws code `cancelled`
 */
export async function examine(
  candidate: Candidate,
  signal: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Examination> {
  const place = await installed(candidate.file);
  const chart = place && (await readChartFolder(place.folder));
  if (!chart) return unexamined;
  const [before, after] = [
    valuesAt(candidate.bytes, candidate, place.values),
    valuesAt(applyEdits(candidate.bytes, candidate.edits), candidate, place.values),
  ];
  const lower = await valuesBelow(candidate.file, place.folder);
  const schema = examineSchemas(withDefaults(chart, lower), before, after);
  if (schema.kind === 'refused') return schema;
  const helm = await findHelm(environment);
  if (helm === undefined) return schema;
  const rendering = await renderChange(
    {
      helm,
      chart: place.folder,
      lower,
      before,
      after,
      release: releaseName(candidate.app),
      namespace: candidate.namespace ?? 'default',
    },
    signal,
  );
  return judged(candidate, schema, rendering);
}

interface Installed {
  /** Absolute. */
  folder: string;
  /** Where the chart's values stand in the document. */
  values: KeyPath;
}

/** The chart that takes the file: the one that it lies in, else the application's own. */
async function installed({ root, path, prefix, chart, mounts, document }: Candidate['file']) {
  // Scattered scalars are not all that the release gets.
  if (mounts) return null;
  const beside = join(root, posix.dirname(path));
  const isThere = await stat(join(beside, 'Chart.yaml')).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isThere && document === undefined) return { folder: beside, values: [] } satisfies Installed;
  return chart ? ({ folder: join(root, chart.folder), values: prefix } satisfies Installed) : null;
}

function valuesAt(bytes: Uint8Array, { edits }: Candidate, path: KeyPath): Values {
  const position = edits[0]?.document;
  const values = ValuesDocument.parse(bytes, position).valueAt(path);
  return isData(values) ? values : {};
}

/** The `values.yaml` beside an environment's file, which its chart does not load by itself. */
async function valuesBelow(
  { root, path, environment }: Candidate['file'],
  chart: string,
): Promise<Values[]> {
  const folder = join(root, posix.dirname(path));
  if (environment === null || folder === chart) return [];
  try {
    const values = ValuesDocument.parse(await readFile(join(folder, 'values.yaml'))).valueAt([]);
    return isData(values) ? [values] : [];
  } catch {
    return [];
  }
}

function withDefaults(chart: ChartFolder, lower: readonly Values[]): ChartFolder {
  const defaults = lower.reduce((below, values) => coalesced(below, values), chart.defaults);
  return { ...chart, defaults };
}

/** Only what the change adds speaks against it; what was wrong before is told. */
function examineSchemas(chart: ChartFolder, before: Values, after: Values): Examination {
  const old = checkSchemas(chart, before).violations;
  const { violations, skipped } = checkSchemas(chart, after);
  const [added] = violations.filter((violation) => !old.includes(violation));
  if (added !== undefined) {
    return { kind: 'refused', why: `the chart's values.schema.json does not allow it: ${added}` };
  }
  const [first] = violations;
  const warnings = skipped.map((what) => `Not checked: ${what}.`);
  if (first !== undefined) {
    warnings.unshift(
      `The values were against the chart's schema already before this change: ${first}.`,
    );
  }
  return { kind: 'passed', warnings, rendered: undefined };
}

function judged(
  { container, app }: Candidate,
  schema: Extract<Examination, { kind: 'passed' }>,
  rendering: Rendering,
): Examination {
  if (rendering.kind === 'not-rendered') {
    return { ...schema, rendered: { missing: `not rendered, because ${rendering.why}` } };
  }
  if (rendering.kind === 'broken') {
    return { kind: 'refused', why: `Helm cannot render the chart with it: ${rendering.why}` };
  }
  const [complaint] = rendering.lint;
  if (complaint !== undefined) {
    return { kind: 'refused', why: `helm lint objects to it: ${complaint}` };
  }
  const [before, after] = [objectsIn(rendering.before), objectsIn(rendering.after)];
  const noise = changedFields(before, objectsIn(rendering.beforeAgain));
  const verdict = judgeRendering(before, after, container, noise);
  if (verdict.kind === 'wrong') return { kind: 'refused', why: verdict.why };
  const doubt = verdict.kind === 'unknown' ? [`Helm rendered the chart, but ${verdict.why}.`] : [];
  return {
    kind: 'passed',
    warnings: [...schema.warnings, ...doubt],
    rendered: { diff: renderedDiff(app, rendering) },
  };
}

const maximumDiff = 20_000;

/** What changes in the manifests, without what is in Secrets. */
function renderedDiff(app: string, { before, after }: { before: string; after: string }): string {
  const [old, now] = [before, after].map((text) => Buffer.from(withoutSecrets(text), 'utf8'));
  const diff = unifiedDiff(`${app}.rendered.yaml`, old ?? Buffer.of(), now ?? Buffer.of());
  return diff.length > maximumDiff
    ? `${diff.slice(0, maximumDiff)}\n… the rest is left out\n`
    : diff;
}

function withoutSecrets(rendered: string): string {
  return rendered
    .split(/^(?=---)/m)
    .filter((document) => !/^kind:\s*["']?Secret\b/m.test(document))
    .join('');
}

/** A name that Helm takes for a release. */
function releaseName(app: string): string {
  const name = app
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 53);
  return name.replace(/^-+|-+$/g, '') || 'release';
}
