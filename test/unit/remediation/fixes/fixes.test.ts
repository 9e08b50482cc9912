import { describe, expect, it } from 'vitest';

import type { Category } from '../../../../src/incident/category';
import type { FactValues } from '../../../../src/incident/analysis';
import { fixes } from '../../../../src/remediation/fixes';
import type { Fix } from '../../../../src/remediation/fixes/fix';
import { noTemplates } from '../../../../src/remediation/templateTrace';
import type { TemplateTrace } from '../../../../src/remediation/templateTrace';
import { applyEdits } from '../../../../src/remediation/yaml/applyEdits';
import { ValuesDocument } from '../../../../src/remediation/yaml/valuesDocument';
import { factsOf } from '../facts';

const gibi = 2 ** 30;

/** One row of docs/fixes.md: the values, what the evidence says, and the lines that change. */
interface Row {
  name: string;
  category: Category;
  values: string;
  facts: Partial<FactValues>;
  trace?: TemplateTrace;
  changed: Record<string, string>;
  title: string;
  says?: RegExp;
}

const memory = (limit: string, request: string, indent = '') =>
  [
    `${indent}resources:`,
    `${indent}  limits:`,
    `${indent}    memory: ${limit}`,
    `${indent}  requests:`,
    `${indent}    memory: ${request}`,
    '',
  ].join('\n');

const node = 'env:\n  - name: NODE_OPTIONS\n    value: "--trace-gc --max-old-space-size=256"\n';
const probe = (lines: string) =>
  `livenessProbe:\n  httpGet:\n    path: /health\n    port: 8080\n${lines}`;

const rows: Row[] = [
  {
    name: 'peak unknown: the limit twice, the request in its ratio',
    category: 'oom-killed',
    values: memory('512Mi', '256Mi'),
    facts: { memoryLimit: '512Mi', memoryRequest: '256Mi' },
    changed: {
      '    memory: 512Mi': '    memory: 1024Mi',
      '    memory: 256Mi': '    memory: 512Mi',
    },
    title: 'raise memory limit to 1024Mi and request to 512Mi',
    says: /limit x 2 \(peak unknown\) = 512Mi x 2, .* = 1024Mi; request keeps its ratio/,
  },
  {
    name: 'peak at 90% of the limit: the limit twice',
    category: 'oom-killed',
    values: memory('1Gi', '1Gi'),
    facts: { memoryLimit: '1Gi', memoryPeakBytes: 0.9 * gibi },
    changed: { '    memory: 1Gi': '    memory: 2Gi' },
    title: 'raise memory limit to 2Gi and request to 2Gi',
    says: /stays Guaranteed/,
  },
  {
    name: 'peak known and below 90%: the largest of three, rounded up to 64Mi',
    category: 'oom-killed',
    values: memory('1Gi', '500Mi'),
    facts: { memoryLimit: '1024Mi', memoryPeakBytes: 0.85 * gibi },
    // max(1280, 1044.5, 970.4) = 1280Mi; 500/1024 of it is 625Mi
    changed: { '    memory: 1Gi': '    memory: 1280Mi', '    memory: 500Mi': '    memory: 625Mi' },
    title: 'raise memory limit to 1280Mi and request to 625Mi',
    says: /max\(limit x 1\.25, peak x 1\.2, peak \+ 100Mi\)/,
  },
  {
    name: 'a small container: the 100Mi count',
    category: 'oom-killed',
    values: memory('128Mi', '128Mi'),
    facts: { memoryLimit: '128Mi', memoryPeakBytes: 110 * 2 ** 20 },
    // max(160, 132, 210) = 210Mi, rounded up to 256Mi
    changed: { '    memory: 128Mi': '    memory: 256Mi' },
    title: 'raise memory limit to 256Mi and request to 256Mi',
  },
  {
    name: 'the container of several that carries its name',
    category: 'oom-killed',
    values: `blog_service:\n${memory('512Mi', '256Mi', '  ')}sidecar:\n${memory('512Mi', '300Mi', '  ')}`,
    facts: { memoryLimit: '512Mi', container: 'blog-service' },
    changed: {
      '      memory: 512Mi': '      memory: 1024Mi',
      '      memory: 256Mi': '      memory: 512Mi',
    },
    title: 'raise memory limit to 1024Mi and request to 512Mi',
    says: /blog_service\.resources\.limits\.memory/,
  },
  {
    name: 'the usual place of a chart wins over a part with another name',
    category: 'oom-killed',
    values: `sidecar:\n${memory('512Mi', '300Mi', '  ')}${memory('512Mi', '256Mi')}`,
    facts: { memoryLimit: '512Mi' },
    changed: {
      '    memory: 512Mi': '    memory: 1024Mi',
      '    memory: 256Mi': '    memory: 512Mi',
    },
    title: 'raise memory limit to 1024Mi and request to 512Mi',
  },
  {
    name: "a part of the container's name",
    category: 'oom-killed',
    values: `web:\n${memory('512Mi', '1Mi', '  ')}worker:\n${memory('512Mi', '256Mi', '  ')}`,
    facts: { memoryLimit: '512Mi', container: 'blog-worker' },
    changed: {
      '      memory: 512Mi': '      memory: 1024Mi',
      '      memory: 256Mi': '      memory: 512Mi',
    },
    title: 'raise memory limit to 1024Mi and request to 512Mi',
    says: /worker\.resources\.limits\.memory holds 512Mi/,
  },
  {
    name: 'the only container of a list, without a name',
    category: 'oom-killed',
    values: `containers:\n  - image: blog\n${memory('512Mi', '256Mi', '    ')}`,
    facts: { memoryLimit: '512Mi', container: 'main' },
    changed: {
      '        memory: 512Mi': '        memory: 1024Mi',
      '        memory: 256Mi': '        memory: 512Mi',
    },
    title: 'raise memory limit to 1024Mi and request to 512Mi',
  },
  {
    name: 'a probe among others, under probes',
    category: 'liveness-failed',
    values: 'probes:\n  liveness:\n    httpGet: {port: 80}\n    periodSeconds: 5\n',
    facts: { startProgressed: true, startSeconds: 10 },
    changed: { '    periodSeconds: 5': '    periodSeconds: 5\n    initialDelaySeconds: 15' },
    title: "set liveness probe's initial delay to 15",
  },
  {
    name: 'no request in the file',
    category: 'oom-killed',
    values: 'resources:\n  limits: {memory: "512Mi"}\n',
    facts: { memoryLimit: '512Mi' },
    changed: { '  limits: {memory: "512Mi"}': '  limits: {memory: "1024Mi"}' },
    title: 'raise memory limit to 1024Mi',
  },
  {
    name: 'the heap of Node where it is set; the container holds it',
    category: 'heap-exhausted',
    values: node + memory('1Gi', '1Gi'),
    facts: { heapLimitBytes: 260 * 2 ** 20, heapOption: '--max-old-space-size' },
    changed: {
      '    value: "--trace-gc --max-old-space-size=256"':
        '    value: "--trace-gc --max-old-space-size=512"',
    },
    title: 'raise --max-old-space-size to 512Mi',
    says: /heap x 2 = 256Mi x 2 = 512Mi/,
  },
  {
    name: 'the container too, where the heap would exceed 75% of it',
    category: 'heap-exhausted',
    values: node + memory('512Mi', '256Mi'),
    facts: { heapOption: '--max-old-space-size', memoryLimit: '512Mi' },
    changed: {
      '    value: "--trace-gc --max-old-space-size=256"':
        '    value: "--trace-gc --max-old-space-size=512"',
      '    memory: 512Mi': '    memory: 704Mi',
      '    memory: 256Mi': '    memory: 352Mi',
    },
    title:
      'raise --max-old-space-size to 512Mi and raise memory limit to 704Mi and request to 352Mi',
  },
  {
    name: 'the heap of Java, and its first size where it is the same',
    category: 'heap-exhausted',
    values: 'env:\n  JAVA_OPTS: >-\n    -Xms512m\n    -Xmx512m -XX:+UseG1GC\n',
    facts: { heapLimitBytes: 512 * 2 ** 20 },
    changed: {
      '    -Xms512m': '    -Xms1024m',
      '    -Xmx512m -XX:+UseG1GC': '    -Xmx1024m -XX:+UseG1GC',
    },
    title: 'raise -Xmx to 1024Mi',
  },
  {
    name: 'CPU wanted is known',
    category: 'cpu-throttled',
    values: 'resources:\n  limits:\n    cpu: 500m\n  requests:\n    cpu: 200m\n',
    facts: { cpuLimit: '500m', cpuWanted: 0.93, throttledShare: 0.62 },
    // max(750, 1116) = 1116m, rounded up to 1150m
    changed: { '    cpu: 500m': '    cpu: 1150m' },
    title: 'raise CPU limit to 1150m',
    says: /max\(500m x 1\.5, 930m x 1\.2\)/,
  },
  {
    name: 'CPU wanted is unknown, cores without suffix',
    category: 'cpu-throttled',
    values: 'resources:\n  limits:\n    cpu: "1"\n',
    facts: { cpuLimit: '1' },
    changed: { '    cpu: "1"': '    cpu: "2"' },
    title: 'raise CPU limit to 2',
    says: /limit x 2/,
  },
  {
    name: 'a start that goes on: the initial delay of the liveness probe',
    category: 'liveness-failed',
    values: probe('  initialDelaySeconds: 10\n  failureThreshold: 3\n'),
    facts: { startProgressed: true, startSeconds: 48, probeInitialDelaySeconds: 10 },
    changed: { '  initialDelaySeconds: 10': '  initialDelaySeconds: 75' },
    title: "raise liveness probe's initial delay to 75",
    says: /start x 1\.5 = 48 s x 1\.5/,
  },
  {
    name: 'a startup probe is the place for it',
    category: 'liveness-failed',
    values: `${probe('')}startupProbe:\n  periodSeconds: 5\n  failureThreshold: 6\n`,
    facts: { startProgressed: true, startSeconds: 48 },
    changed: { '  failureThreshold: 6': '  failureThreshold: 15' },
    title: "raise startup probe's failure threshold to 15",
  },
  {
    name: 'no delay is set: it is added',
    category: 'readiness-failed',
    values: 'readinessProbe:\n  httpGet:\n    path: /ready\n    port: 80\n',
    facts: { startProgressed: true, startSeconds: 20, probe: 'readiness' },
    changed: { '    port: 80': '    port: 80\n  initialDelaySeconds: 30' },
    title: "set readiness probe's initial delay to 30",
  },
  {
    name: 'the application listens elsewhere',
    category: 'readiness-failed',
    values:
      'readinessProbe:\n  httpGet:\n    path: /ready\n    port: 8080\nservice:\n  port: 8080\n',
    facts: { probePort: 8080, listenPort: 3000 },
    changed: { '    port: 8080': '    port: 3000' },
    title: 'send readiness probe to port 3000',
  },
  {
    name: 'the application serves another path',
    category: 'liveness-failed',
    values: probe('readinessProbe:\n  httpGet:\n    path: /health\n'),
    facts: { probePath: '/health', servedPath: '/healthz' },
    changed: { '    path: /health': '    path: /healthz' },
    title: 'send liveness probe to path /healthz',
  },
];

function fixOf(row: Pick<Row, 'category' | 'values' | 'facts' | 'trace'>): Fix {
  const fixer = fixes[row.category];
  if (!fixer) throw new Error(`no fixer for ${row.category}`);
  const facts = factsOf(row.facts);
  expect(fixer.objection(facts)).toBeNull();
  const document = ValuesDocument.parse(Buffer.from(row.values));
  const trace = row.trace ?? noTemplates;
  return fixer.fix({
    document,
    prefix: [],
    app: 'blog-service',
    facts,
    trace,
    earlier: [],
    others: [],
  });
}

describe('each fix edits its scalar', () => {
  it.each(rows)('$category: $name', (row) => {
    const fix = fixOf(row);
    const after = Buffer.from(applyEdits(Buffer.from(row.values), fix.edits)).toString();
    expect(changedLines(row.values, after)).toEqual(row.changed);
    expect(fix.title).toBe(row.title);
    if (row.says) expect(`${fix.reason} ${fix.formula}`).toMatch(row.says);
  });
});

/** Old lines with what stands in their place; an added line belongs to the one above it. */
function changedLines(before: string, after: string): Record<string, string> {
  const old = before.split('\n');
  const now = after.split('\n');
  const changed: Record<string, string> = {};
  for (let index = 0, at = 0; index < old.length; index++, at++) {
    const line = old[index] ?? '';
    if (now[at] !== line) changed[line] = now[at] ?? '';
    else if (now[at + 1] !== old[index + 1] && now[at + 2] === old[index + 1]) {
      changed[line] = `${line}\n${now[++at]}`;
    }
  }
  return changed;
}

describe('each fix refuses what is not certain', () => {
  const two = (block: string) => `web:\n${indented(block)}worker:\n${indented(block)}`;
  const indented = (block: string) => block.replace(/^(?=.)/gm, '  ');

  it.each<[string, Category, string, Partial<FactValues>, string]>([
    ['two limits', 'oom-killed', two(memory('512Mi', '1Mi')), {}, 'values-ambiguous'],
    [
      'another limit',
      'oom-killed',
      memory('1Gi', '1Gi'),
      { memoryLimit: '512Mi' },
      'values-ambiguous',
    ],
    ['no limit', 'oom-killed', 'resources: {}\n', {}, 'values-key-missing'],
    ['no amount', 'oom-killed', memory('512MB', '1Mi'), {}, 'values-unparsable'],
    ['0.4 byte', 'oom-killed', memory('400m', '1Mi'), {}, 'values-unparsable'],
    ['request above limit', 'oom-killed', memory('1Gi', '2Gi'), {}, 'values-ambiguous'],
    ['two heaps', 'heap-exhausted', two(node), {}, 'values-ambiguous'],
    ['another heap', 'heap-exhausted', node, { heapLimitBytes: 4 * gibi }, 'values-ambiguous'],
    ['no heap', 'heap-exhausted', memory('1Gi', '1Gi'), {}, 'values-key-missing'],
    [
      'two CPU limits',
      'cpu-throttled',
      two('resources: {limits: {cpu: 1}}\n'),
      {},
      'values-ambiguous',
    ],
    ['no CPU limit', 'cpu-throttled', memory('1Gi', '1Gi'), {}, 'values-key-missing'],
    [
      'CPU of no amount',
      'cpu-throttled',
      'resources: {limits: {cpu: lots}}',
      {},
      'values-unparsable',
    ],
    [
      'two delays',
      'liveness-failed',
      two(probe('  initialDelaySeconds: 1\n')),
      { startProgressed: true },
      'values-ambiguous',
    ],
    [
      'two probes without',
      'liveness-failed',
      two(probe('')),
      { startProgressed: true },
      'values-ambiguous',
    ],
    ['no probe', 'liveness-failed', 'a: 1\n', { startProgressed: true }, 'values-key-missing'],
    [
      'long enough',
      'liveness-failed',
      probe('  initialDelaySeconds: 90\n'),
      { startProgressed: true, startSeconds: 9 },
      'values-ambiguous',
    ],
    [
      'two ports',
      'readiness-failed',
      two('readinessProbe: {httpGet: {port: 1}}\n'),
      { probePort: 1, listenPort: 2 },
      'values-ambiguous',
    ],
    ...[
      memory('512Mi', '1Mi'),
      `initContainers:\n  - name: migrate\n${memory('512Mi', '1Mi', '    ')}`,
    ].map((values): [string, Category, string, Partial<FactValues>, string] => [
      'a limit of what runs beside it',
      'oom-killed',
      `redis:\n${indented(values)}`,
      { memoryLimit: '512Mi', container: 'blog-service' },
      'values-key-missing',
    ]),
    [
      "the application's limit for a proxy that was injected",
      'oom-killed',
      memory('512Mi', '1Mi'),
      { memoryLimit: '512Mi', container: 'istio-proxy' },
      'values-key-missing',
    ],
    [
      "another container's probe, without a delay",
      'liveness-failed',
      `redis:\n${indented(probe(''))}`,
      { startProgressed: true, container: 'blog-service' },
      'values-key-missing',
    ],
    [
      'a named port',
      'readiness-failed',
      'readinessProbe: {httpGet: {port: http}}\n',
      { probePort: 1, listenPort: 2 },
      'values-ambiguous',
    ],
  ])('%s (%s)', (_, category, values, facts, code) => {
    expect(() => fixOf({ category, values, facts })).toThrow(
      expect.objectContaining({ name: 'WarRoomError', code }) as Error,
    );
  });

  it('adds no delay that the templates do not use', () => {
    const trace: TemplateTrace = {
      reach: (path) =>
        path.includes('initialDelaySeconds')
          ? { kind: 'unreached' }
          : { kind: 'reached', template: 'd.yaml' },
    };
    const facts = { startProgressed: true };
    expect(() => fixOf({ category: 'liveness-failed', values: probe(''), facts, trace })).toThrow(
      /templates do not use it/,
    );
  });

  it('refuses a value that the templates do not use', () => {
    const trace: TemplateTrace = { reach: () => ({ kind: 'unreached' }) };
    const row = { category: 'oom-killed' as const, values: memory('1Gi', '1Gi'), facts: {}, trace };
    expect(() => fixOf(row)).toThrow(/templates do not use/);
  });
});

describe('each fix objects to what only hides the fault', () => {
  it.each<[Category, Partial<FactValues>, RegExp]>([
    ['oom-killed', { memoryLeak: true }, /only buy time/],
    ['oom-killed', { killedByNode: true }, /node ran out of memory/],
    ['heap-exhausted', { memoryLeak: true }, /only buy time/],
    ['liveness-failed', {}, /no probe time is changed/],
    ['readiness-failed', { probePort: 80, listenPort: 80 }, /no probe time is changed/],
  ])('%s with %j', (category, facts, words) => {
    expect(fixes[category]?.objection(factsOf(facts))).toMatch(words);
  });
});

describe('sharing', () => {
  it('warns when an anchor changes others too', () => {
    const values = 'big: &m 512Mi\nresources: {limits: {memory: *m}}\nother: *m\n';
    const fix = fixOf({ category: 'oom-killed', values, facts: { memoryLimit: '512Mi' } });
    expect(fix.warnings).toEqual([
      'resources.limits.memory shares its text with big, other: they change too.',
    ]);
  });
});
