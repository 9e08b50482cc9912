import { describe, expect, it } from 'vitest';

import { traceTemplates } from '../../../src/remediation/templateTrace';

const template = (resources: string, name = '{{ .Chart.Name }}') => [
  {
    path: 'templates/deployment.yaml',
    text: `spec:
  containers:
    - name: ${name}
      ports:
        - name: http
          containerPort: 80
      resources:
        ${resources}
`,
  },
];

const limit = ['resources', 'limits', 'memory'];
const reach = (resources: string, path: (string | number)[] = limit, name?: string) =>
  traceTemplates(template(resources, name), 'web').reach(path).kind;

describe('traceTemplates', () => {
  it.each<[string, (string | number)[]]>([
    ['{{- toYaml .Values.resources | nindent 8 }}', limit],
    ['{{ .Values.resources.limits.memory }}', limit],
    ['{{- with .Values.server }}', ['server', ...limit]],
    ['{{- toYaml $.Values.server.resources }}', ['server', ...limit]],
    ['{{- range .Values.containers }}', ['containers', 0, ...limit]],
  ])('%s reaches %j', (resources, path) => expect(reach(resources, path)).toBe('reached'));

  it.each<[string, (string | number)[]]>([
    ['{{- toYaml .Values.server.resources }}', limit],
    ['{{ .Values.server.image }}', ['server', ...limit]],
    ['{{ .Values.resourcesOfJob }}', limit],
    ['{{ .Values.resources.limits.cpu }}', limit],
  ])('%s does not reach %j', (resources, path) => expect(reach(resources, path)).toBe('unreached'));

  it('tells containers apart by their names', () => {
    const use = '{{- toYaml .Values.resources | nindent 8 }}';
    expect(reach(use, limit, 'web')).toBe('reached');
    expect(reach(use, limit, '"proxy"')).toBe('unreached');
  });

  it("finds a container's name behind its other keys", () => {
    const text = `containers:
  - image: proxy
    ports:
      - name: http
    resources: {{- toYaml .Values.resources | nindent 6 }}
    name: proxy
  - image: web
    name: web
`;
    const trace = traceTemplates([{ path: 'templates/d.yaml', text }], 'web');
    expect(trace.reach(limit).kind).toBe('unreached');
  });

  it.each([
    '# resources: {{ toYaml .Values.resources }}',
    '{{- /* was: .Values.resources\n.Values.resources */ -}}',
  ])('a comment uses nothing: %s', (resources) => expect(reach(resources)).toBe('unreached'));

  it('cannot tell what a template of another chart uses', () => {
    const text = '{{ include "common.deployment" . }}\n';
    const helper = { path: 'templates/_h.tpl', text: '{{ define "web.name" }}web{{ end }}' };
    const own = { path: 'templates/d.yaml', text: 'name: {{ include "web.name" . }}\n' };
    const lent = { path: 'templates/c.yaml', text };
    expect(traceTemplates([helper, own], 'web').reach(limit).kind).toBe('unreached');
    expect(traceTemplates([helper, own, lent], 'web').reach(limit).kind).toBe('unknown');
  });

  it('says nothing without templates', () => {
    expect(traceTemplates([], 'web').reach(limit).kind).toBe('unknown');
  });
});
