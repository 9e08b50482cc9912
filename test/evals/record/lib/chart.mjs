// A small Helm chart: a program, its service, and a test pod where the value `check` is set.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const values = `tag: 1.8.0
replicas: 1
command: cd /srv && exec python3 -m http.server 8080
check: ''
`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }}, labels: { app.kubernetes.io/managed-by: Helm } }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - { name: {{ .Release.Name }}, image: "shop/{{ .Release.Name }}:{{ .Values.tag }}", command: [sh, -c, {{ .Values.command | quote }}] }
`;
const service = `apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec: { selector: { app: {{ .Release.Name }} }, ports: [{ port: 80, targetPort: 8080 }] }
`;
const check = `{{- if .Values.check }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-check
  annotations: { helm.sh/hook: test, helm.sh/hook-delete-policy: before-hook-creation }
spec:
  restartPolicy: Never
  containers:
    - name: check
      image: "shop/{{ .Release.Name }}:{{ .Values.tag }}"
      command: [sh, -c, {{ .Values.check | quote }}]
      env: [{ name: BASE_URL, value: "http://{{ .Release.Name }}" }]
{{- end }}
`;

/** Writes the chart into a new folder of that name; its image is shop/RELEASE:1.8.0. */
export async function writeChart(folder, name) {
  const files = {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: 1.8.0\n`,
    'values.yaml': values,
    'templates/deployment.yaml': deployment,
    'templates/service.yaml': service,
    'templates/tests/check.yaml': check,
  };
  await mkdir(join(folder, name, 'templates/tests'), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, name, file), text);
}
