import type { Facts, FactValues } from '../../incident/analysis';
import type { Citation } from '../../incident/evidence';
import { parseAmount } from '../read/quantity';

/** Facts while they are gathered: the first value of a name stays. */
export type Gathered = { -readonly [Name in keyof Facts]: Facts[Name] };

/** Facts that stand in commands for a person to copy. */
const spokenInCommands = new Set<string>([
  'app',
  'pod',
  'container',
  'namespace',
  'context',
  'node',
  'image',
  'host',
  'claim',
  'variable',
  'configReference',
  'module',
  'path',
  'account',
  'database',
  'databaseUser',
  'topic',
  'consumerGroup',
] satisfies (keyof FactValues)[]);

/** A log must not write the command that a person copies: what a shell would read is no name. */
export function isSafeName(text: string): boolean {
  return !/^-|[\s;&|$`<>(){}\\"'*?!]/.test(text);
}

function isSafe(name: string, value: unknown): boolean {
  return !spokenInCommands.has(name) || typeof value !== 'string' || isSafeName(value);
}

/** Adds facts that one line shows; what is known already is kept. */
export function gather(into: Gathered, facts: Partial<FactValues>, citation: Citation): void {
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || name in into || !isSafe(name, value)) continue;
    Object.assign(into, { [name]: { value, citation } });
  }
}

/** The bare values. */
export function valuesOf(facts: Facts): Partial<FactValues> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, fact.value]));
}

type Reader = (text: string) => Partial<FactValues>;

const asText =
  (name: keyof FactValues): Reader =>
  (text) => ({ [name]: text });
const asNumber =
  (name: keyof FactValues, factor = 1): Reader =>
  (text) => {
    const value = Number(text) * factor;
    return Number.isFinite(value) ? { [name]: value } : {};
  };

/** What the named groups of patterns mean. Groups that are not here are only for refinements. */
const readers: Readonly<Record<string, Reader>> = {
  container: asText('container'),
  node: asText('node'),
  image: (text) => ({ image: text.replace(/[",:]{1,8}$/, '') }),
  variable: asText('variable'),
  claim: asText('claim'),
  host: (text) => ({ host: text.replace(/^\[|\]$/g, '') }),
  port: asNumber('port'),
  statusCode: asNumber('statusCode'),
  certificateDate: asText('certificateDate'),
  certificateNames: asText('certificateNames'),
  limit: asNumber('limit'),
  database: asText('database'),
  databaseUser: asText('databaseUser'),
  topic: asText('topic'),
  consumerGroup: asText('consumerGroup'),
  lag: asNumber('lag'),
  migration: asText('migration'),
  requiredVersion: asText('requiredVersion'),
  foundVersion: asText('foundVersion'),
  module: asText('module'),
  path: asText('path'),
  verb: asText('verb'),
  resource: (text) => ({ resource: text.replace(/[.,]{1,8}$/, '') }),
  helmRelease: asText('helmRelease'),
  // An Application out of Argo CD's own namespace has that in front: `team_shop`.
  argoApplication: (text) => ({ argoApplication: text.replace(/^[a-z\d-]+_/, '') }),
  fluxRelease: asText('fluxRelease'),
  replicas: asNumber('replicas'),
  autoscaler: asText('autoscaler'),
  quotaRequested: asText('quotaRequested'),
  quotaUsed: asText('quotaUsed'),
  quotaHard: asText('quotaHard'),
  storageLimit: asText('storageLimit'),
  storageClass: asText('storageClass'),
  maxConnections: (text) => ({ maxConnections: Number(text), limit: Number(text) }),
  graceSeconds: asNumber('graceSeconds'),
  violations: asText('violations'),
  listenPort: asNumber('listenPort'),
  servedPath: asText('servedPath'),
  startSeconds: asNumber('startSeconds'),
  heapLimitBytes: asNumber('heapLimitBytes'),
  heapMegabytes: (text) => ({
    heapLimitBytes: Number(text) * 2 ** 20,
    heapOption: '--max-old-space-size',
  }),
  heapSize: (text) => ({ ...javaSize(text), heapOption: '-Xmx' }),
  heapPercentage: asText('heapOption'),
  throttledPercent: asNumber('throttledShare', 0.01),
  memoryPeakKilobytes: asNumber('memoryPeakBytes', 1024),
};

/** Facts of a match's named groups. */
export function factsOfGroups(
  groups: Readonly<Record<string, string | undefined>>,
): Partial<FactValues> {
  let facts: Partial<FactValues> = {};
  for (const [name, text] of Object.entries(groups)) {
    const read = text ? readers[name.replace(/\d$/, '')] : undefined;
    if (read && text) facts = { ...facts, ...read(text) };
  }
  return facts;
}

/** `512m` of `-Xmx512m`, in bytes. */
function javaSize(text: string): Partial<FactValues> {
  const unit = { k: 'Ki', m: 'Mi', g: 'Gi' }[text.slice(-1).toLowerCase()] ?? '';
  const bytes = parseAmount(`${text.replace(/[kmg]$/i, '')}${unit}`);
  return bytes === null ? {} : { heapLimitBytes: bytes };
}
