import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { createPlanner } from '../../../src/remediation/planner';
import { projectRoot } from '../../harness/paths';
import { temporaryFolder } from '../../harness/temporary';
import { analysisOf } from './facts';
import { writeFiles } from './files';
import type { Situation } from './planFor';
import { deployment, memory, outcome, planFor } from './planFor';

it.each<[string, string, string]>([
  ['of the service that nobody serves', 'prod/orders:http', 'helm-values/orders/values.yaml'],
  ['of the caller where the service has none', 'gone.prod.svc', 'helm-values/web/values.yaml'],
])('changes the values %s', async (_, host, expected) => {
  const plan = await planFor({
    files: {
      'helm-values/web/values.yaml': 'service:\n  selector:\n    app: w\npodLabels:\n  app: web\n',
      'helm-values/orders/values.yaml':
        'service:\n  selector:\n    app: o\npodLabels:\n  app: orders\n',
    },
    app: 'web',
    category: 'no-endpoints',
    facts: { host },
  });
  expect(outcome(plan)).toBe(`${expected} service.selector.app`);
});

describe('what ends in advice', () => {
  it.each<[string, Situation, RegExp]>([
    ['no file', { files: { 'a.txt': '' } }, /No values file of grafana was found/],
    ['no application', { app: null, files: {} }, /does not name the application/],
    [
      'YAML that does not parse',
      { files: { 'helm-values/grafana/values.yaml': 'a: [\n' } },
      /helm-values\/grafana\/values\.yaml: The values file cannot be read as YAML/,
    ],
    [
      'YAML that is nested too deep for the parser',
      {
        files: {
          'helm-values/grafana/values.yaml': Array.from(
            { length: 3000 },
            (_, depth) => `${' '.repeat(depth)}k:\n`,
          ).join(''),
        },
      },
      /nested too deep|too large or too deep/,
    ],
    [
      'a manifest that does not parse is named',
      { files: { 'apps/grafana.yaml': 'kind: Application\nmetadata: {name: grafana\n' } },
      /No values file of grafana was found.* apps\/grafana\.yaml cannot be read \(/,
    ],
    [
      'a file without the key',
      { files: { 'helm-values/grafana/values.yaml': 'a: 1\n' } },
      /sets no memory limit \(resources\.limits\.memory\)/,
    ],
    [
      'another value than the container ran with',
      { files: { 'helm-values/grafana/values.yaml': memory('2Gi') } },
      /ran with 512Mi, but in the file resources\.limits\.memory is 2Gi/,
    ],
    [
      'templates that use the value for another container',
      {
        facts: { memoryLimit: '512Mi', container: 'grafana' },
        files: {
          'c/Chart.yaml': 'name: grafana\n',
          'c/values.yaml': memory(),
          'c/templates/deployment.yaml': deployment('proxy'),
        },
      },
      /templates do not use resources\.limits\.memory/,
    ],
    [
      "the chart's defaults, where the release sets another value",
      {
        files: {
          'charts/grafana/Chart.yaml': 'name: grafana\n',
          'charts/grafana/values.yaml': memory(),
          'helm-values/grafana/values.yaml': memory('1Gi'),
        },
      },
      /^helm-values\/grafana\/values\.yaml wins over charts\/grafana\/values\.yaml.*ran with 512Mi/,
    ],
    [
      'the base, where the environment of the place sets another value',
      {
        place: { namespace: 'prod' },
        files: {
          'helm-values/grafana/values.yaml': memory(),
          'helm-values/grafana/values-prod.yaml': memory('1Gi'),
        },
      },
      /values-prod\.yaml wins over helm-values\/grafana\/values\.yaml/,
    ],
    [
      'a leak',
      {
        facts: { memoryLimit: '512Mi', memoryLeak: true },
        files: { 'grafana/values.yaml': memory() },
      },
      /^Memory climbs after every start.*Look at the container\.$/,
    ],
    [
      'a category without a fix',
      { category: 'tls-expired', files: { 'grafana/values.yaml': memory() } },
      /^Look at the container\.$/,
    ],
    [
      'a chosen file that is gone',
      { place: { valuesFile: 'gone.yaml' }, files: {} },
      /gone\.yaml cannot be read/,
    ],
    [
      'a chosen file out of the workspace',
      { place: { valuesFile: '../../etc/hosts' }, files: {} },
      /leads out of the workspace/,
    ],
  ])('%s', async (_, situation, words) => {
    const plan = await planFor(situation);
    expect(plan.kind).toBe('advice');
    expect(plan.kind === 'advice' ? plan.advice.summary : '').toMatch(words);
  });

  it('gives the values to copy when no file is found', async () => {
    const plan = await planFor({
      files: {},
      facts: { memoryLimit: '512Mi', memoryRequest: '256Mi' },
    });
    expect(plan.kind === 'advice' && plan.advice.commands[0]).toEqual({
      title: 'Values to set',
      command: 'resources:\n  limits:\n    memory: 1024Mi\n  requests:\n    memory: 512Mi\n',
    });
  });

  it('does not follow a link out of the workspace, to a file or to a folder', async () => {
    await using elsewhere = await temporaryFolder('elsewhere');
    await writeFiles(elsewhere.path, { 'grafana/values.yaml': memory() });
    const plan = await planFor({ files: { 'helm-values/grafana/a.txt': '' } }, async (root) => {
      const target = join(elsewhere.path, 'grafana', 'values.yaml');
      await symlink(target, join(root, 'helm-values', 'grafana', 'values.yaml'));
      await symlink(elsewhere.path, join(root, 'linked'));
    });
    expect(outcome(plan)).toMatch(/helm-values\/grafana\/values\.yaml leads out of the workspace/);
  });

  it.each([null, 'charts/own/helm-values/grafana/values.yaml'])(
    'does not read a file of a repository below (chosen: %s)',
    async (valuesFile) => {
      const file = 'charts/own/helm-values/grafana/values.yaml';
      const files = { [file]: memory(), 'charts/own/.git': 'gitdir: ../../.git/modules/own\n' };
      expect(outcome(await planFor({ files, place: { valuesFile } }))).toMatch(
        /values\.yaml leads out of the workspace or into another repository/,
      );
    },
  );

  it('names a file of another root, which the incident cannot commit', async () => {
    await using other = await temporaryFolder('other');
    await using repository = await temporaryFolder('repository');
    await writeFiles(other.path, { 'helm-values/grafana/values.yaml': memory() });
    const plan = await createPlanner().plan(
      {
        analysis: analysisOf('oom-killed', { memoryLimit: '512Mi' }),
        app: 'grafana',
        place: { context: null, namespace: null, application: null, valuesFile: null },
        roots: [repository.path, other.path],
      },
      new AbortController().signal,
    );
    expect(outcome(plan)).toContain('belongs to another repository');
  });

  it('stops when it is cancelled', async () => {
    await using folder = await temporaryFolder('cancel');
    const analysis = analysisOf('oom-killed', { memoryLimit: '512Mi' });
    const place = { context: null, namespace: null, application: 'grafana', valuesFile: null };
    await expect(
      createPlanner().plan(
        { analysis, app: null, place, roots: [folder.path] },
        AbortSignal.abort(),
      ),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('ends at its limit of time with what it has', async () => {
    await using folder = await temporaryFolder('slow');
    await writeFiles(folder.path, { 'helm-values/grafana/values.yaml': memory() });
    let now = 0;
    const clock = {
      now: () => 0,
      monotonic: () => (now += 2_000),
      schedule: () => ({ [Symbol.dispose]: () => undefined }),
    };
    const place = { context: null, namespace: null, application: 'grafana', valuesFile: null };
    const analysis = analysisOf('oom-killed', { memoryLimit: '512Mi' });
    const plan = await createPlanner({ clock }).plan(
      { analysis, app: null, place, roots: [folder.path] },
      new AbortController().signal,
    );
    expect(outcome(plan)).toContain('The search ended at its limit');
  });
});

describe('the sample repository', () => {
  it("raises grafana's limit to 1024Mi and its request to 512Mi", async () => {
    const plan = await createPlanner().plan(
      {
        analysis: analysisOf('oom-killed', {
          app: 'grafana',
          container: 'grafana',
          memoryLimit: '512Mi',
          memoryRequest: '256Mi',
        }),
        app: 'grafana',
        place: { context: null, namespace: 'monitoring', application: 'grafana', valuesFile: null },
        roots: [join(projectRoot, 'media', 'sample')],
      },
      new AbortController().signal,
    );
    const proposal = plan.kind === 'proposal' ? plan.proposal : undefined;
    expect(proposal?.title).toBe('raise memory limit to 1024Mi and request to 512Mi');
    const changed = proposal?.files[0]?.diff.split('\n').filter((line) => /^[-+] /.test(line));
    expect(changed).toEqual([
      '-    memory: 512Mi  # raised from 256Mi in March',
      '+    memory: 1024Mi  # raised from 256Mi in March',
      '-    memory: 256Mi',
      '+    memory: 512Mi',
    ]);
  });
});
