import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';

import type { ScalarEdit } from '../../../src/incident/proposal';
import { examine } from '../../../src/remediation/helm/examine';
import type { Examination } from '../../../src/remediation/helm/examine';
import { findHelm } from '../../../src/remediation/helm/helmProgram';
import { need } from '../mcp/prerequisite';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: "web:{{ .Values.tag }}"
          env: {{- toYaml .Values.env | nindent 12 }}
          resources: {{- toYaml .Values.resources | nindent 12 }}
        - name: proxy
          image: "proxy:1"
          {{- if .Values.shared }}
          resources: {{- toYaml .Values.resources | nindent 12 }}
          {{- end }}
---
apiVersion: v1
kind: Secret
metadata: { name: made-up }
stringData: { password: {{ randAlphaNum 12 | quote }} }
`;

const values = `replicas: 1 # of web
tag: "1"
shared: false
unused: 5
env: []
resources:
  limits:
    memory: 512Mi
`;

const schema = JSON.stringify({
  properties: { replicas: { type: 'integer', maximum: 3 } },
});

let root = '';

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'war-room-test-'));
  await write('chart/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  await write('chart/templates/deployment.yaml', deployment);
  await write('chart/values.yaml', values);
  await write('chart/values.schema.json', schema);
});

afterEach(() => rm(root, { recursive: true, force: true }));

const set = (path: string, before: string | null, after: string): ScalarEdit => ({
  keyPath: path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  before,
  after,
});

async function examined(
  edits: readonly ScalarEdit[],
  path = 'chart/values.yaml',
  environment = process.env,
): Promise<Examination> {
  const chart = { folder: 'chart', name: 'web', dependencies: [], templates: [] };
  const file = {
    root,
    path,
    prefix: [],
    mounts: null,
    chart,
    environment: path.includes('prod') ? 'prod' : null,
  };
  const bytes = await readFile(join(root, path));
  const place = { container: 'web', app: 'web', namespace: 'shop' };
  return examine({ file, bytes, edits, ...place }, AbortSignal.timeout(60_000), environment);
}

const memory = set('resources.limits.memory', '512Mi', '1Gi');

/** The lines that a rendered difference takes away and adds. */
function changedLines(examination: Examination): string[] {
  const rendered = examination.kind === 'passed' ? examination.rendered : undefined;
  const diff = rendered && 'diff' in rendered ? rendered.diff : '';
  return diff
    .split('\n')
    .filter((line) => /^[-+] /.test(line))
    .map((line) => line.replace(/ +/g, ' '));
}

const helm = await findHelm(process.env);
const needHelm = (context: TestContext) =>
  need(context, helm === undefined ? 'helm is not on PATH' : null);

describe('a change of values, rendered by Helm', () => {
  it('passes where exactly the field of the failing container changes', async (context) => {
    needHelm(context);
    expect(changedLines(await examined([memory]))).toEqual(['- memory: 512Mi', '+ memory: 1Gi']);
  });

  it('passes an entry of env, and a field of the workload', async (context) => {
    needHelm(context);
    const entry = [set('env.0.name', null, 'LEVEL'), set('env.0.value', null, 'debug')];
    expect(changedLines(await examined(entry))).toContain('+ - name: LEVEL');
    expect(changedLines(await examined([set('replicas', '1', '2')]))).toEqual([
      '- replicas: 1',
      '+ replicas: 2',
    ]);
  });

  it('takes an environment over the file beside it', async (context) => {
    needHelm(context);
    await write('env/values.yaml', 'replicas: 2\n');
    await write('env/values-prod.yaml', 'resources:\n  limits:\n    memory: 2Gi\n');
    const edit = set('resources.limits.memory', '2Gi', '3Gi');
    const examination = await examined([edit], 'env/values-prod.yaml');
    expect(changedLines(examination)).toEqual(['- memory: 2Gi', '+ memory: 3Gi']);
  });

  it('is refused where no manifest changes, or another container does too', async (context) => {
    needHelm(context);
    expect(await examined([set('unused', '5', '6')])).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('stay the same') as string,
    });
    await write('chart/values.yaml', values.replace('shared: false', 'shared: true'));
    expect(await examined([memory])).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('containers.1.resources.limits.memory') as string,
    });
  });

  it('says why a chart is not rendered, and goes on without Helm', async (context) => {
    needHelm(context);
    const dependencies =
      'dependencies:\n  - name: redis\n    version: 1.0.0\n    repository: https://charts.example.com\n';
    await write('chart/Chart.yaml', `apiVersion: v2\nname: web\nversion: 1.0.0\n${dependencies}`);
    expect(await examined([memory])).toMatchObject({
      kind: 'passed',
      rendered: { missing: expect.stringContaining('redis') as string },
    });
    expect(await examined([memory], 'chart/values.yaml', { PATH: '' })).toEqual({
      kind: 'passed',
      warnings: [],
      rendered: undefined,
    });
  });
});

describe('a chart without templates', () => {
  it('is not judged by what it renders', async (context) => {
    needHelm(context);
    await rm(join(root, 'chart/templates'), { recursive: true });
    expect(await examined([memory])).toMatchObject({
      kind: 'passed',
      rendered: { missing: 'not rendered, because its templates are not here' },
    });
  });
});

describe('a change of values, without Helm', () => {
  const nowhere = { PATH: '' };

  it('is refused where it breaks the schema', async () => {
    const edit = set('replicas', '1', '5');
    expect(await examined([edit], 'chart/values.yaml', nowhere)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('replicas of web must be <= 3') as string,
    });
  });

  it('is only warned of where the values broke it before', async () => {
    await write('chart/values.yaml', values.replace('replicas: 1', 'replicas: 9'));
    expect(await examined([memory], 'chart/values.yaml', nowhere)).toMatchObject({
      kind: 'passed',
      warnings: [expect.stringContaining('already before')],
    });
  });
});
