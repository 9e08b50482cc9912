import { describe, expect, it } from 'vitest';

import { deployment, memory, outcome, planFor } from '../planFor';

const workload = `apiVersion: apps/v1
kind: Deployment
metadata: {name: grafana}
spec:
  template:
    spec:
      containers:
        - name: grafana
${memory('512Mi', '          ')}`;

const vpa = (mode = 'Auto', target = 'grafana') => `apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: keeps-room}
spec:
  targetRef: {kind: Deployment, name: ${target}}
  updatePolicy: {updateMode: "${mode}"}
  resourcePolicy:
    containerPolicies:
      - containerName: proxy
        maxAllowed: {memory: 64Mi}
      - containerName: grafana
        maxAllowed: {memory: 512Mi}
`;

const hpa = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: grafana}
spec:
  scaleTargetRef: {kind: Deployment, name: grafana}
  minReplicas: 2
  maxReplicas: 4
`;

const chart = {
  'charts/grafana/Chart.yaml': 'apiVersion: v2\nname: grafana\nversion: 1.0.0\n',
  'charts/grafana/templates/deployment.yaml': deployment('grafana'),
  'charts/grafana/values.yaml': memory(),
  'apps/grafana.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: grafana}
spec:
  source: {path: charts/grafana}
  destination: {namespace: prod}
`,
};

const policy = 'spec.resourcePolicy.containerPolicies.1.maxAllowed.memory';
const facts = { memoryLimit: '512Mi', container: 'grafana' };

describe('an autoscaler that is an object of its own', () => {
  it.each([
    ['of a plain manifest', { 'k8s/app.yaml': workload }, 'k8s/app.yaml'],
    ["of a release's workload", chart, 'charts/grafana/values.yaml'],
  ])('sets the memory: its bound is edited, and not the limit %s', async (_, files, limit) => {
    const owned = { ...files, 'k8s/vpa.yaml': vpa() };
    const plan = await planFor({ files: owned, facts });
    expect(outcome(plan)).toBe(`k8s/vpa.yaml ${policy}`);
    expect(plan).toMatchObject({ proposal: { files: [{ edits: [{ before: '512Mi' }] }] } });
    const beside = { ...files, 'k8s/vpa.yaml': vpa('Auto', 'prometheus') };
    expect(outcome(await planFor({ files: beside, facts }))).toContain(limit);
    const recommends = { ...files, 'k8s/vpa.yaml': vpa('Off') };
    expect(outcome(await planFor({ files: recommends, facts }))).toContain(limit);
  });

  it('in another namespace is another application', async () => {
    const elsewhere = vpa().replace('{name: keeps-room}', '{name: keeps-room, namespace: test}');
    const files = { ...chart, 'k8s/vpa.yaml': elsewhere };
    expect(outcome(await planFor({ files, facts }))).toContain('charts/grafana/values.yaml');
  });

  it('sets the CPU: nothing is written that it would write over', async () => {
    const files = {
      'k8s/app.yaml': workload.replace('memory: 512Mi', 'cpu: 500m'),
      'k8s/vpa.yaml': vpa(),
    };
    const plan = await planFor({ files, facts: { cpuLimit: '500m' }, category: 'cpu-throttled' });
    expect(outcome(plan)).toMatch(/^advice: k8s\/vpa\.yaml wins over k8s\/app\.yaml/);
  });

  it('owns the replicas: its upper bound is raised, also where a patch sets it', async () => {
    const category = 'traffic-overload';
    const files = { 'k8s/app.yaml': workload, 'k8s/hpa.yaml': hpa };
    const plain = await planFor({ files, facts: {}, category });
    expect(outcome(plain)).toBe('k8s/hpa.yaml spec.maxReplicas');
    const patched = {
      'base/kustomization.yaml': 'resources: [app.yaml, hpa.yaml]\n',
      'base/app.yaml': workload,
      'base/hpa.yaml': hpa,
      'prod/kustomization.yaml': 'resources: [../base]\npatches: [{path: bound.yaml}]\n',
      'prod/bound.yaml':
        'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: grafana}\nspec: {maxReplicas: 9}\n',
    };
    expect(outcome(await planFor({ files: patched, facts: {}, category }))).toBe(
      'prod/bound.yaml spec.maxReplicas',
    );
  });
});
