import { describe, expect, it } from 'vitest';

import type { Plan } from '../../../src/incident/proposal';
import { deployment, memory, outcome, planFor } from './planFor';

const vpa = (spec = '') => `apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: keeps-room}
spec:
  targetRef: {kind: Deployment, name: grafana}
${spec}`;

const policies = (...lines: string[]) =>
  vpa(
    `  resourcePolicy:\n    containerPolicies:\n${lines.map((line) => `      - ${line}\n`).join('')}`,
  );

const hpa = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: grafana}
spec:
  scaleTargetRef: {kind: Deployment, name: grafana}
  maxReplicas: 4
`;

const chart = {
  'charts/grafana/Chart.yaml': 'apiVersion: v2\nname: grafana\nversion: 1.0.0\n',
  'charts/grafana/templates/deployment.yaml': deployment('grafana'),
  'charts/grafana/values.yaml': memory(),
};
const replicated = {
  ...chart,
  'charts/grafana/templates/deployment.yaml':
    'spec:\n  replicas: {{ .Values.replicaCount }}\n  containers: [{name: grafana}]\n',
  'charts/grafana/values.yaml': 'replicaCount: 2\n',
};
const limit = 'charts/grafana/values.yaml resources.limits.memory';
const warning = (title: string, path = 'resources.limits.memory') =>
  `${title} names this workload and may write over ${path} while it runs`;
const ofVpa = warning('VerticalPodAutoscaler keeps-room (k8s/vpa.yaml)');

const facts = { memoryLimit: '512Mi', container: 'grafana' };
const warningsOf = (plan: Plan) => (plan.kind === 'proposal' ? plan.proposal.warnings : []).join();

describe('An autoscaler with a manifest of its own', () => {
  it.each<[string, string]>([
    ['by default', vpa()],
    ['for all containers', policies("{containerName: '*', maxAllowed: {memory: 1Gi}}")],
    [
      'for this container',
      policies("{containerName: '*', mode: 'Off'}", '{containerName: grafana}'),
    ],
    [
      'for requests and limits',
      policies('{containerName: grafana, controlledResources: [memory]}'),
    ],
  ])('that sets the memory is told beside the limit: %s', async (_, manifest) => {
    const plan = await planFor({ files: { ...chart, 'k8s/vpa.yaml': manifest }, facts });
    expect(outcome(plan)).toBe(limit);
    expect(warningsOf(plan)).toContain(ofVpa);
    expect(warningsOf(plan)).toContain('see maxAllowed in spec.resourcePolicy');
  });

  it.each<[string, string]>([
    ['only recommends', vpa('  updatePolicy: {updateMode: Off}\n')],
    [
      'leaves this container',
      policies('{containerName: grafana, mode: "Off"}', "{containerName: '*'}"),
    ],
    ['sets the CPU alone', policies('{containerName: grafana, controlledResources: [cpu]}')],
    ['leaves limits', policies('{containerName: grafana, controlledValues: RequestsOnly}')],
    ['scales another workload', vpa().replace('name: grafana}', 'name: grafana-agent}')],
    ['is in another namespace', vpa().replace('keeps-room}', 'keeps-room, namespace: test}')],
    ['sets the replicas', hpa],
    ['names nothing', vpa().replace('{kind: Deployment, name: grafana}', '{{ .Values.grafana }}')],
  ])('that %s is not told', async (_, manifest) => {
    const place = { namespace: 'prod' };
    const plan = await planFor({ files: { ...chart, 'k8s/vpa.yaml': manifest }, facts, place });
    expect(outcome(plan)).toBe(limit);
    expect(warningsOf(plan)).not.toContain('names this workload');
  });

  it('says nothing of what it does not set, and changes nothing without one', async () => {
    const plan = await planFor({ files: chart, facts });
    const scaled = await planFor({ files: { ...chart, 'k8s/hpa.yaml': hpa }, facts });
    expect(scaled).toEqual(plan);
  });

  it.each<[string, string, string]>([
    ['HPA', hpa, 'HorizontalPodAutoscaler grafana (k8s/scaler.yaml)'],
    [
      'KEDA',
      hpa.replace('HorizontalPodAutoscaler', 'ScaledObject'),
      'ScaledObject grafana (k8s/scaler.yaml)',
    ],
  ])('that sets the replicas is told beside them: %s', async (_, manifest, title) => {
    const files = { ...replicated, 'k8s/scaler.yaml': manifest };
    const plan = await planFor({ files, facts: {}, category: 'traffic-overload' });
    expect(outcome(plan)).toBe('charts/grafana/values.yaml replicaCount');
    expect(warningsOf(plan)).toContain(warning(title, 'replicaCount'));
  });

  it('that holds itself is read as far as it counts', async () => {
    const circular = vpa().replace('metadata: {', 'metadata: &it {self: *it, ');
    const plan = await planFor({ files: { ...chart, 'k8s/vpa.yaml': circular }, facts });
    expect(warningsOf(plan)).toContain(ofVpa);
  });

  it('of many places names a few', async () => {
    const files: Record<string, string> = { ...chart };
    for (const place of ['a', 'b', 'c', 'd', 'e']) files[`${place}/vpa.yaml`] = vpa();
    const plan = await planFor({ files, facts });
    expect(warningsOf(plan).match(/names this workload/g)).toHaveLength(3);
    expect(warningsOf(plan)).toContain('So may 2 more.');
  });
});
