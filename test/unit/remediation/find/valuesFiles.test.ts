import { describe, expect, it } from 'vitest';

import { createPlanner } from '../../../../src/remediation/planner';
import { temporaryFolder } from '../../../harness/temporary';
import { analysisOf } from '../facts';
import { writeFiles } from '../files';
import type { Situation } from '../planFor';
import { deployment, memory, outcome, planFor } from '../planFor';

const umbrella = (dependency: string) =>
  `apiVersion: v2\nname: platform\nversion: 1.0.0\ndependencies:\n  - ${dependency}\n`;

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
