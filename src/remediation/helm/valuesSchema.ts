import { Ajv } from 'ajv';
import type { ErrorObject, Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019';
import { Ajv2020 } from 'ajv/dist/2020';
import { RE2JS } from 're2js';

import { isData } from '../../base/data';
import type { ChartFolder } from './chartFolder';
import { coalesced } from './coalesce';
import type { Values } from './coalesce';

/** What the schemas of a chart and its subcharts say of values. */
export interface SchemaReport {
  /** What they object to, in words; in a stable order. */
  violations: readonly string[];
  /** What was not checked, and why. */
  skipped: readonly string[];
}

/**
 * Checks values against `values.schema.json` of a chart and of the charts in it, each over its own
 * defaults, as Helm does before it installs. Nothing is fetched.
 * @param values what is given on top of the chart's defaults
 */
export function checkSchemas(chart: ChartFolder, values: Values): SchemaReport {
  const all = coalesced(chart.defaults, values);
  const own = chart.schema === null ? nothing : checkOne(chart.name, chart.schema, all);
  const below = chart.subcharts
    .filter(({ condition }) => condition === null || isOn(all, condition))
    .map(({ key, chart: subchart }) => {
      const given = all[key];
      const globals = isData(all['global']) ? { global: all['global'] } : {};
      return checkSchemas(subchart, { ...(isData(given) ? given : {}), ...globals });
    });
  const packed = chart.packed.map((name) => `the schema in the packed chart ${name}`);
  return {
    violations: [own, ...below].flatMap((report) => report.violations),
    skipped: [...[own, ...below].flatMap((report) => report.skipped), ...packed],
  };
}

const nothing: SchemaReport = { violations: [], skipped: [] };

/** The first of the condition's paths that is set decides; none leaves the chart on. */
function isOn(values: Values, condition: string): boolean {
  for (const path of condition.split(',')) {
    const value = path
      .trim()
      .split('.')
      .reduce<unknown>((inner, key) => (isData(inner) ? inner[key] : undefined), values);
    if (typeof value === 'boolean') return value;
  }
  return true;
}

function checkOne(name: string, text: string, values: Values): SchemaReport {
  const skipped = (why: string): SchemaReport => ({
    violations: [],
    skipped: [`the schema of ${name} (${why})`],
  });
  try {
    const schema: unknown = JSON.parse(text);
    if (!isData(schema)) return skipped('it is no object');
    const checker = checkerFor(schema['$schema']);
    if (!checker) return skipped(`its draft ${String(schema['$schema'])} is not known`);
    const isValid = checker.compile(schema);
    if (isValid(values) === true) return nothing;
    return { violations: (isValid.errors ?? []).map((error) => inWords(name, error)), skipped: [] };
  } catch (error) {
    // A reference to another address is one of these: it is not followed.
    return skipped(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unreadable');
  }
}

/**
 * The expressions of a schema as Helm reads them, which are Go's: a repository's own are never slow,
 * and what Go does not know (a look ahead) makes the schema one that is not checked.
 */
const goExpression = Object.assign((pattern: string) => RE2JS.compile(pattern), {
  code: 'RE2JS.compile',
});

const options: Options = {
  allErrors: true,
  strict: false,
  validateFormats: false,
  logger: false,
  code: { regExp: goExpression },
};

/** Drafts 6 and 7 differ in nothing that counts here; Helm takes what names none for draft 7. */
function checkerFor(draft: unknown) {
  const text = typeof draft === 'string' ? draft : 'draft-07';
  if (/2020-12/.test(text)) return new Ajv2020(options);
  if (/2019-09/.test(text)) return new Ajv2019(options);
  if (!/draft-0[67]/.test(text)) return undefined;
  return new Ajv({ ...options, validateSchema: false, meta: true });
}

function inWords(name: string, { instancePath, message, params }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.') || 'the top level';
  const extra: unknown = params['additionalProperty'];
  const what = typeof extra === 'string' ? ` (${extra})` : '';
  return `${path} of ${name} ${message ?? 'is not valid'}${what}`;
}
