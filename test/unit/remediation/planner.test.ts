import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { FactValues } from '../../../src/incident/analysis';
import type { Category } from '../../../src/incident/category';
import type { Place } from '../../../src/incident/incident';
import type { Plan } from '../../../src/incident/proposal';
import type { Planner } from '../../../src/diagnosis/ports';
import { createPlanner } from '../../../src/remediation/planner';
import { projectRoot } from '../../harness/paths';
import { temporaryFolder } from '../../harness/temporary';
import { analysisOf } from './facts';
import { writeFiles } from './files';

const memory = (limit = '512Mi', indent = '') =>
  `${indent}resources:\n${indent}  limits:\n${indent}    memory: ${limit}\n`;
const umbrella = (dependency: string) =>
  `apiVersion: v2\nname: platform\nversion: 1.0.0\ndependencies:\n  - ${dependency}\n`;
const deployment = (container: string) =>
  `containers:\n  - name: ${container}\n    resources:\n      {{- toYaml .Values.resources | nindent 6 }}\n`;

interface Situation {
  files: Record<string, string | Uint8Array>;
  place?: Partial<Place>;
  facts?: Partial<FactValues>;
  app?: string | null;
  category?: Category;
}

async function planFor(situation: Situation, prepare?: (root: string) => Promise<void>) {
  await using folder = await temporaryFolder('한글 repo');
  await writeFiles(folder.path, situation.files);
  await prepare?.(folder.path);
  const planner: Planner = createPlanner();
  const { app = 'grafana', facts = { memoryLimit: '512Mi' } } = situation;
  const nowhere = { context: null, namespace: null, application: null, valuesFile: null };
  return await planner.plan(
    {
      analysis: analysisOf(situation.category ?? 'oom-killed', facts),
      app,
      place: { ...nowhere, ...situation.place },
      roots: [folder.path],
    },
    new AbortController().signal,
  );
}

/** The file and path of the first edit, or what else the plan is. */
function outcome(plan: Plan): string {
  if (plan.kind === 'choose') return `choose ${plan.candidates.map(({ path }) => path).join(' ')}`;
  if (plan.kind === 'advice') return `advice: ${plan.advice.summary}`;
  const [file] = plan.proposal.files;
  return `${file?.path} ${file?.edits[0]?.keyPath.join('.')}`;
}

describe('finding the values file', () => {
  it.each<[string, Situation, string]>([
    [
      'helm-values/<app>',
      {
        files: {
          'helm-values/grafana/values.yaml': memory(),
          'helm-values/loki/values.yaml': memory(),
        },
      },
      'helm-values/grafana/values.yaml resources.limits.memory',
    ],
    [
      'underscore and dash are one name',
      { app: 'blog_service', files: { 'helm-values/blog-service/values.yml': memory() } },
      'helm-values/blog-service/values.yml resources.limits.memory',
    ],
    [
      'a path with blanks and Korean letters',
      { files: { '배포 설정/helm-values/grafana/values.yaml': memory() } },
      '배포 설정/helm-values/grafana/values.yaml resources.limits.memory',
    ],
    [
      'a chart by its name',
      {
        files: { 'deploy/dash/Chart.yaml': 'name: grafana\n', 'deploy/dash/values.yaml': memory() },
      },
      'deploy/dash/values.yaml resources.limits.memory',
    ],
    [
      'a chart at the root',
      { files: { 'Chart.yaml': 'name: grafana\n', 'values.yaml': memory() } },
      'values.yaml resources.limits.memory',
    ],
    [
      "an umbrella chart: under the dependency's name",
      {
        files: {
          'Chart.yaml': umbrella('{name: grafana, version: 1.0.0}'),
          'values.yaml': `${memory()}grafana:\n${memory('512Mi', '  ')}`,
        },
      },
      'values.yaml grafana.resources.limits.memory',
    ],
    [
      'an umbrella chart: under the alias, from requirements.yaml',
      {
        app: 'dashboards',
        files: {
          'stack/Chart.yaml': 'name: stack\n',
          'stack/requirements.yaml': 'dependencies: [{name: grafana, alias: dashboards}]\n',
          'stack/values.yaml': `grafana:\n${memory('512Mi', '  ')}dashboards:\n${memory('512Mi', '  ')}`,
        },
      },
      'stack/values.yaml dashboards.resources.limits.memory',
    ],
    [
      'a key of a larger file',
      {
        files: {
          'helm-values/monitoring/values.yaml': `grafana: # dashboards\n${memory('512Mi', '  ')}`,
        },
      },
      'helm-values/monitoring/values.yaml grafana.resources.limits.memory',
    ],
    [
      'a file named after the application',
      { files: { 'values/grafana.yaml': memory(), 'values/loki.yaml': memory() } },
      'values/grafana.yaml resources.limits.memory',
    ],
    [
      "a release's values win over the chart's defaults",
      {
        files: {
          'charts/grafana/Chart.yaml': 'name: grafana\n',
          'charts/grafana/values.yaml': memory(),
          'helm-values/grafana/values.yaml': memory(),
        },
      },
      'helm-values/grafana/values.yaml resources.limits.memory',
    ],
    [
      "the chart's defaults where the release sets nothing",
      {
        files: {
          'charts/grafana/Chart.yaml': 'name: grafana\n',
          'charts/grafana/values.yaml': memory(),
          'helm-values/grafana/values.yaml': 'replicas: 2\n',
        },
      },
      'charts/grafana/values.yaml resources.limits.memory',
    ],
    [
      'the environment that holds what the container ran with',
      {
        files: {
          'helm-values/grafana/values.yaml': memory('256Mi'),
          'helm-values/grafana/values-prod.yaml': memory('512Mi'),
        },
      },
      'helm-values/grafana/values-prod.yaml resources.limits.memory',
    ],
    [
      'the environment of the place',
      {
        place: { context: 'prod-eu', namespace: 'grafana' },
        files: {
          'helm-values/grafana/values.yaml': memory(),
          'helm-values/grafana/values.prod.yaml': memory(),
          'helm-values/grafana/values-dev.yaml': memory(),
        },
      },
      'helm-values/grafana/values.prod.yaml resources.limits.memory',
    ],
    [
      'the base, where only another environment sets another value',
      {
        place: { namespace: 'dev' },
        files: {
          'helm-values/grafana/values.yaml': memory(),
          'helm-values/grafana/values-prod.yaml': memory('1Gi'),
        },
      },
      'helm-values/grafana/values.yaml resources.limits.memory',
    ],
    [
      "the chart's defaults, where files of several places set another value",
      {
        files: {
          'c/grafana/Chart.yaml': 'name: grafana\n',
          'c/grafana/values.yaml': memory(),
          'prod/grafana/values.yaml': memory('1Gi'),
          'dev/grafana/values.yaml': 'a: 1\n',
        },
      },
      'c/grafana/values.yaml resources.limits.memory',
    ],
    [
      'a key in camel case',
      {
        app: 'user-service',
        files: { 'deploy/values.yaml': `userService:\n${memory('512Mi', '  ')}` },
      },
      'deploy/values.yaml userService.resources.limits.memory',
    ],
    [
      'the folder of the place',
      {
        place: { namespace: 'staging' },
        files: { 'prod/grafana/values.yaml': memory(), 'staging/grafana/values.yaml': memory() },
      },
      'staging/grafana/values.yaml resources.limits.memory',
    ],
    [
      'the file that the person chose',
      {
        place: { valuesFile: 'b/grafana/values.yaml' },
        files: { 'a/grafana/values.yaml': memory(), 'b/grafana/values.yaml': memory() },
      },
      'b/grafana/values.yaml resources.limits.memory',
    ],
    [
      'a chosen file with a name of its own',
      {
        place: { valuesFile: 'x/y.yaml' },
        files: { 'x/y.yaml': `grafana:\n${memory('512Mi', '  ')}` },
      },
      'x/y.yaml grafana.resources.limits.memory',
    ],
    [
      'several that fit alike: the person chooses',
      { files: { 'a/grafana/values.yaml': memory(), 'b/grafana/values.yaml': memory() } },
      'choose a/grafana/values.yaml b/grafana/values.yaml',
    ],
    [
      "a release's name around the chart's: the person confirms",
      { app: 'monitoring-grafana', files: { 'helm-values/grafana/values.yaml': memory() } },
      'choose helm-values/grafana/values.yaml',
    ],
    [
      "a release's name around the chart's, confirmed",
      {
        app: 'monitoring-grafana',
        place: { valuesFile: 'helm-values/grafana/values.yaml' },
        files: { 'helm-values/grafana/values.yaml': memory() },
      },
      'helm-values/grafana/values.yaml resources.limits.memory',
    ],
    [
      'the namespace is the application: its folder says nothing of the environment',
      {
        place: { namespace: 'grafana' },
        files: {
          'helm-values/grafana/values.yaml': memory(),
          'helm-values/grafana/values-prod.yaml': memory(),
        },
      },
      'choose helm-values/grafana/values-prod.yaml helm-values/grafana/values.yaml',
    ],
    [
      'the templates use the value for this container',
      {
        facts: { memoryLimit: '512Mi', container: 'grafana' },
        files: {
          'c/Chart.yaml': 'name: grafana\n',
          'c/values.yaml': memory(),
          'c/templates/deployment.yaml': deployment('{{ .Chart.Name }}'),
        },
      },
      'c/values.yaml resources.limits.memory',
    ],
  ])('%s', async (_, situation, expected) => {
    expect(outcome(await planFor(situation))).toBe(expected);
  });

  it('takes the file that was chosen before, where several fit alike', async () => {
    await using folder = await temporaryFolder('remembered');
    const files = ['a/grafana/values.yaml', 'b/grafana/values.yaml'];
    await writeFiles(folder.path, Object.fromEntries(files.map((file) => [file, memory()])));
    const planner = createPlanner({ remembered: () => ({ grafana: 'b/grafana/values.yaml' }) });
    const plan = await planner.plan(
      {
        analysis: analysisOf('oom-killed', { memoryLimit: '512Mi' }),
        app: 'grafana',
        place: { context: null, namespace: null, application: null, valuesFile: null },
        roots: [folder.path],
      },
      new AbortController().signal,
    );
    expect(outcome(plan)).toBe('b/grafana/values.yaml resources.limits.memory');
  });

  it('skips folders that hold no values of a release', async () => {
    const files = {
      'node_modules/grafana/values.yaml': memory(),
      '.git/grafana/values.yaml': memory(),
      'dist/grafana/values.yaml': memory(),
      'charts/grafana/ci/values.yaml': memory(),
      'examples/grafana/values.yaml': memory(),
    };
    expect(outcome(await planFor({ files }))).toMatch(
      /^advice: No values file of grafana was found/,
    );
  });
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
