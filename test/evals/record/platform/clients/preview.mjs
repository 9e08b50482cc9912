// Makes the preview environment of a pull request: node preview.mjs NAMESPACE NUMBER
import * as k8s from '@kubernetes/client-node';

const [namespace, number] = process.argv.slice(2);
const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const say = (level, text) =>
  console.log(`${new Date().toISOString()} ${level} preview-bot pr-${number}: ${text}`);
const name = (part) => `pr-${number}-${part}`;
const labels = (part) => ({ app: name(part) });
const resources = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { cpu: '500m', memory: '256Mi' },
};
const workload = (part) => ({
  metadata: { name: name(part), labels: labels(part) },
  spec: {
    selector: { matchLabels: labels(part) },
    template: {
      metadata: { labels: labels(part) },
      spec: { containers: [{ name: part, image: `shop/${part}:pr-${number}`, resources }] },
    },
  },
});
const service = (part) => ({
  metadata: { name: name(part) },
  spec: { selector: labels(part), ports: [{ port: 80, targetPort: 8080 }] },
});
const steps = [
  [
    'configmap settings',
    () =>
      core.createNamespacedConfigMap({
        namespace,
        body: { metadata: { name: name('settings') }, data: { STAGE: 'preview' } },
      }),
  ],
  ['deployment api', () => apps.createNamespacedDeployment({ namespace, body: workload('api') })],
  ['service api', () => core.createNamespacedService({ namespace, body: service('api') })],
  ['deployment web', () => apps.createNamespacedDeployment({ namespace, body: workload('web') })],
  ['service web', () => core.createNamespacedService({ namespace, body: service('web') })],
];
try {
  for (const [what, make] of steps) {
    say('INFO ', `creating ${what}`);
    await make();
  }
  say('INFO ', 'ready');
} catch (error) {
  say('ERROR', `failed after ${process.uptime().toFixed(1)} s, environment left half made`);
  console.error(error);
  process.exitCode = 1;
}
