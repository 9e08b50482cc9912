import { describe, expect, it } from 'vitest';

import type { TemplateTrace } from '../../../../src/remediation/templateTrace';
import { fixOf, memory } from './given';
import type { LineRow, Objection, Refusal } from './lines';
import { changesLines, indented, objects, refuses, two } from './lines';

const gibi = 2 ** 30;

describe('the memory fix', () => {
  it.each<LineRow>([
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
      changed: {
        '    memory: 1Gi': '    memory: 1280Mi',
        '    memory: 500Mi': '    memory: 625Mi',
      },
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
      name: 'no request in the file',
      category: 'oom-killed',
      values: 'resources:\n  limits: {memory: "512Mi"}\n',
      facts: { memoryLimit: '512Mi' },
      changed: { '  limits: {memory: "512Mi"}': '  limits: {memory: "1024Mi"}' },
      title: 'raise memory limit to 1024Mi',
    },
  ])('$category: $name', changesLines);

  it.each<Refusal>([
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
    ...[
      memory('512Mi', '1Mi'),
      `initContainers:\n  - name: migrate\n${memory('512Mi', '1Mi', '    ')}`,
    ].map((values): Refusal => [
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
  ])('refuses %s (%s)', refuses);

  it.each<Objection>([
    ['oom-killed', { memoryLeak: true }, /only buy time/],
    ['oom-killed', { killedByNode: true }, /node ran out of memory/],
  ])('objects to %s with %j', objects);

  it('refuses a value that the templates do not use', () => {
    const trace: TemplateTrace = { reach: () => ({ kind: 'unreached' }) };
    const row = { category: 'oom-killed' as const, values: memory('1Gi', '1Gi'), facts: {}, trace };
    expect(() => fixOf(row)).toThrow(/templates do not use/);
  });

  it('warns when an anchor changes others too', () => {
    const values = 'big: &m 512Mi\nresources: {limits: {memory: *m}}\nother: *m\n';
    const fix = fixOf({ category: 'oom-killed', values, facts: { memoryLimit: '512Mi' } });
    expect(fix.warnings).toEqual([
      'resources.limits.memory shares its text with big, other: they change too.',
    ]);
  });
});
