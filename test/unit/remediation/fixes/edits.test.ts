import { describe, expect, it } from 'vitest';

import type { Case } from './owned';
import { fixOf, told } from './owned';

const resources = (limit: string, request: string) =>
  `resources:\n  limits:\n    memory: ${limit}\n  requests:\n    memory: ${request}\n`;

type Row = [name: string, given: Case, edits: string[], says?: RegExp];

describe('replicas and their owners', () => {
  it.each<Row>([
    [
      'the number where nobody owns it',
      { category: 'traffic-overload', values: 'replicaCount: 3\n' },
      ['replicaCount: 3 -> 5'],
      /n x 1\.5.* of 3 = 5/,
    ],
    [
      'the bound of the HPA, never the number',
      {
        category: 'traffic-overload',
        values:
          'replicaCount: 3\nautoscaling:\n  enabled: true\n  minReplicas: 2\n  maxReplicas: 4\n',
      },
      ['autoscaling.maxReplicas: 4 -> 6'],
      /owns the replicas/,
    ],
    [
      'an autoscaler that is switched off owns nothing',
      {
        category: 'traffic-overload',
        values: 'replicaCount: 1\nautoscaling: {enabled: false, maxReplicas: 4}\n',
      },
      ['replicaCount: 1 -> 2'],
    ],
    [
      'KEDA goes before the HPA that it makes',
      {
        category: 'traffic-overload',
        values:
          'autoscaling: {enabled: true, maxReplicas: 4}\nkeda:\n  enabled: true\n  maxReplicaCount: 10\n',
      },
      ['keda.maxReplicaCount: 10 -> 15'],
    ],
    [
      'a manifest of the workload',
      {
        category: 'traffic-overload',
        values: 'kind: Deployment\nspec:\n  replicas: 2\n',
        facts: { replicas: 2 },
      },
      ['spec.replicas: 2 -> 3'],
    ],
    [
      "the VPA's bound instead of the memory limit",
      {
        category: 'oom-killed',
        values: `${resources('512Mi', '512Mi')}vpa:\n  enabled: true\n  maxAllowed:\n    memory: 512Mi\n`,
        facts: { memoryLimit: '512Mi' },
      },
      ['vpa.maxAllowed.memory: 512Mi -> 1024Mi'],
      /a VPA \(vpa\) sets/,
    ],
    [
      'a VPA that only recommends owns nothing',
      {
        category: 'oom-killed',
        values: `${resources('512Mi', '256Mi')}vpa:\n  enabled: true\n  updateMode: "Off"\n`,
        facts: { memoryLimit: '512Mi' },
      },
      ['resources.limits.memory: 512Mi -> 1024Mi', 'resources.requests.memory: 256Mi -> 512Mi'],
    ],
    [
      'a request that the autoscaler measures, from another file',
      {
        category: 'autoscaler-failed',
        values: 'resources:\n  requests:\n    memory: 1Gi\n',
        facts: { resource: 'cpu' },
        others: { 'values-dev.yaml': 'resources: {requests: {cpu: 250m}}\n' },
      },
      ['resources.requests.cpu: 250m'],
    ],
    [
      'a request that nobody knows',
      {
        category: 'autoscaler-failed',
        values: 'resources:\n  requests:\n    memory: 1Gi\n',
        facts: { resource: 'cpu' },
      },
      ['resources.requests.cpu: (cpu that it uses)'],
    ],
  ])('%s', rowTest);
});

describe('what fits the nodes, the quota and the database', () => {
  it.each<Row>([
    [
      'the request becomes what the roomiest node has free',
      {
        category: 'unschedulable-resources',
        values: resources('8Gi', '8Gi'),
        facts: { resource: 'memory', memoryRequest: '8Gi', nodeFreeMemory: '6200Mi' },
      },
      ['resources.requests.memory: 8Gi -> 6200Mi'],
      /roomiest has 6200Mi/,
    ],
    [
      'CPU in tens of thousandths',
      {
        category: 'unschedulable-resources',
        values: 'resources: {requests: {cpu: 4}}\n',
        facts: { resource: 'cpu', nodeFreeCpu: '1537m' },
      },
      ['resources.requests.cpu: 4 -> 1.53'],
    ],
    [
      '(replicas + surge) x limit in the quota',
      {
        category: 'quota-exceeded',
        values: `replicaCount: 3\n${resources('2Gi', '1Gi')}`,
        facts: {
          quotaRequested: 'limits.memory=2Gi',
          quotaUsed: 'limits.memory=7Gi',
          quotaHard: 'limits.memory=8Gi',
          runningPods: 3,
        },
      },
      // others use 7Gi - 3 x 2Gi = 1Gi; (8Gi - 1Gi) / (3 + 1) = 1792Mi
      ['resources.limits.memory: 2Gi -> 1792Mi'],
      /\(8Gi - 1Gi of others\) \/ \(3 \+ 1\) = 1792Mi/,
    ],
    [
      'the pool: pool x (replicas + surge) + reserve <= max connections',
      {
        category: 'database-connections-exhausted',
        values: 'replicaCount: 4\ndb:\n  host: pg\n  poolSize: 30\n',
        facts: { maxConnections: 100 },
      },
      // (100 - 10) / (4 + 1) = 18
      ['db.poolSize: 30 -> 18'],
      /pool x \(replicas \+ surge\) \+ reserve <= max connections: \(100 - 10\) \/ \(4 \+ 1\)/,
    ],
    [
      'the pool as a variable, with the bound of the autoscaler and no surge',
      {
        category: 'database-connections-exhausted',
        values:
          'autoscaling: {enabled: true, maxReplicas: 10}\nstrategy: {type: Recreate}\nenv:\n  - name: DB_POOL_MAX\n    value: "20"\n',
        facts: { maxConnections: 100 },
      },
      ['env.0.value: "20" -> "9"'],
    ],
    [
      'the limit of ephemeral storage',
      {
        category: 'ephemeral-storage-evicted',
        values: 'resources:\n  limits:\n    ephemeral-storage: 1Gi\n',
        facts: { storageLimit: '1Gi' },
      },
      ['resources.limits.ephemeral-storage: 1Gi -> 2Gi'],
    ],
    [
      'the size of an emptyDir',
      {
        category: 'ephemeral-storage-evicted',
        values: 'volumes:\n  - name: tmp\n    emptyDir:\n      sizeLimit: 500Mi\n',
        facts: { storageLimit: '500Mi' },
      },
      ['volumes.0.emptyDir.sizeLimit: 500Mi -> 1000Mi'],
    ],
    [
      'the volume that is full',
      {
        category: 'disk-full',
        values: 'persistence:\n  mountPath: /data\n  size: 10Gi\n',
        facts: { path: '/data/pg/base' },
      },
      ['persistence.size: 10Gi -> 15Gi'],
    ],
    [
      'a StorageClass that exists',
      {
        category: 'volume-unbound',
        values: 'persistence:\n  storageClass: fast\n',
        facts: { storageClass: 'fast', defaultStorageClass: 'standard' },
      },
      ['persistence.storageClass: fast -> standard'],
    ],
    [
      'a StorageClass that nobody knows',
      {
        category: 'volume-unbound',
        values: 'persistence:\n  storageClass: fast\n',
        facts: { storageClass: 'fast' },
      },
      ['persistence.storageClass: fast -> (a StorageClass that exists)'],
    ],
    [
      'the grace period of a program that was ending its work',
      {
        category: 'shutdown-timeout',
        values: 'terminationGracePeriodSeconds: 30\n',
        facts: { stopProgressed: true, graceSeconds: 30 },
      },
      ['terminationGracePeriodSeconds: 30 -> 60'],
    ],
  ])('%s', rowTest);
});

describe('values of the history and of other files', () => {
  const image = (tag: string) => `image:\n  repository: r.example/shop\n  tag: "${tag}"\n`;
  const whole = (tag: string) => `containers:\n  image: r.example/shop:${tag}\n`;
  const failed = { image: 'r.example/shop:1.5' };

  it.each<Row>([
    [
      'the last tag of this very scalar',
      {
        category: 'image-not-found',
        values: image('1.5'),
        facts: failed,
        earlier: [image('1.5'), image('1.4'), image('1.3')],
      },
      ['image.tag: "1.5" -> "1.4"'],
      /1\.4 is what stood there before/,
    ],
    [
      'the tag in a whole reference',
      {
        category: 'image-platform-mismatch',
        values: whole('1.5'),
        facts: failed,
        earlier: [whole('1.4')],
      },
      ['containers.image: r.example/shop:1.5 -> r.example/shop:1.4'],
    ],
    [
      'in a manifest, under the name of the container',
      {
        category: 'image-not-found',
        values:
          'kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: proxy\n          image: envoy:1\n        - name: shop\n          image: r.example/shop:1.5\n',
        facts: { ...failed, container: 'shop' },
        earlier: [
          'kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: proxy\n          image: envoy:1\n        - name: shop\n          image: r.example/shop:1.4\n',
        ],
      },
      ['spec.template.spec.containers.1.image: r.example/shop:1.5 -> r.example/shop:1.4'],
    ],
    [
      'the command line as it was',
      {
        category: 'bad-command',
        values: 'command: ["/app/servr", "--port", "80"]\n',
        facts: { path: '/app/servr' },
        earlier: ['command: ["/app/server", "--port", "80"]\n'],
      },
      ['command.0: "/app/servr" -> "/app/server"'],
    ],
    [
      'the address as it was',
      {
        category: 'dns-failure',
        values: 'env:\n  DB_HOST: pg.shp.svc\n',
        facts: { host: 'pg.shp.svc' },
        earlier: ['env:\n  DB_HOST: pg.shop.svc\n'],
      },
      ['env.DB_HOST: pg.shp.svc -> pg.shop.svc'],
    ],
    [
      'the name of the Secret as it was',
      {
        category: 'database-auth',
        values: 'auth:\n  existingSecret: pg-new\n',
        earlier: ['auth:\n  existingSecret: pg\n'],
      },
      ['auth.existingSecret: pg-new -> pg'],
    ],
    [
      'a variable of the history',
      {
        category: 'missing-env',
        values: 'env:\n  - name: A\n    value: "1"\n',
        facts: { variable: 'CACHE_URL' },
        earlier: ['env:\n  - name: CACHE_URL\n    value: redis://cache\n'],
      },
      ['env.1.name: CACHE_URL', 'env.1.value: "redis://cache"'],
    ],
    [
      'a variable of another file, in a mapping',
      {
        category: 'missing-env',
        values: 'env:\n  A: "1"\n',
        facts: { variable: 'CACHE_SIZE' },
        others: { 'values-dev.yaml': 'env:\n  CACHE_SIZE: "64"\n' },
      },
      ['env.CACHE_SIZE: "64"'],
    ],
    [
      'a reference of another file, never the value',
      {
        category: 'missing-env',
        values: 'extraEnv:\n  - name: A\n    value: "1"\n',
        facts: { variable: 'DB_PASSWORD' },
        others: {
          'values-dev.yaml':
            'extraEnv:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: pg\n        key: password\n        optional: true\n',
        },
      },
      [
        'extraEnv.1.name: DB_PASSWORD',
        'extraEnv.1.valueFrom.secretKeyRef.name: pg',
        'extraEnv.1.valueFrom.secretKeyRef.key: password',
        'extraEnv.1.valueFrom.secretKeyRef.optional: true',
      ],
    ],
    [
      'a hole where files disagree',
      {
        category: 'missing-env',
        values: 'env:\n  A: "1"\n',
        facts: { variable: 'REGION' },
        others: { 'a.yaml': 'env: {REGION: eu}\n', 'b.yaml': 'env: {REGION: us}\n' },
      },
      ['env.REGION: (value of REGION)'],
      /none is invented/,
    ],
    [
      'a hole for the names of a Secret, where its value stands in plain',
      {
        category: 'missing-env',
        values: 'env:\n  - name: A\n    value: "1"\n',
        facts: { variable: 'API_TOKEN' },
        others: { 'a.yaml': 'env:\n  - name: API_TOKEN\n    value: s3cr3t\n' },
      },
      [
        'env.1.name: API_TOKEN',
        'env.1.valueFrom.secretKeyRef.name: (name of the Secret with API_TOKEN)',
        'env.1.valueFrom.secretKeyRef.key: (key of API_TOKEN in that Secret)',
      ],
    ],
    [
      'a variable that is set to nothing',
      {
        category: 'missing-env',
        values: 'env:\n  REGION: ""\n',
        facts: { variable: 'REGION' },
      },
      ['env.REGION: "" -> (value of REGION)'],
    ],
    [
      'a ConfigMap by the name that it had',
      {
        category: 'missing-config-ref',
        values: 'envFrom:\n  - configMapRef:\n      name: shop-confg\n',
        facts: { configReference: 'ConfigMap/shop-confg' },
        earlier: ['envFrom:\n  - configMapRef:\n      name: shop-config\n'],
      },
      ['envFrom.0.configMapRef.name: shop-confg -> shop-config'],
    ],
    [
      'a name that nobody knows',
      {
        category: 'missing-config-ref',
        values: 'existingSecret: gone\n',
        facts: { configReference: 'Secret/gone#password' },
      },
      ['x'],
    ],
    [
      'a pull secret of another file',
      {
        category: 'image-unauthorized',
        values: 'replicaCount: 1\n',
        others: { 'values-dev.yaml': 'imagePullSecrets:\n  - name: regcred\n' },
      },
      ['imagePullSecrets.0.name: regcred'],
      /what is in it is never touched/,
    ],
    [
      'the service account of the history',
      {
        category: 'forbidden-rbac',
        values: 'serviceAccount:\n  create: false\n  name: default\n',
        facts: { account: 'prod/default' },
        earlier: ['serviceAccount:\n  create: false\n  name: shop-reader\n'],
      },
      ['serviceAccount.name: default -> shop-reader'],
    ],
  ])('%s', (name, given, edits, says) => {
    if (edits[0] === 'x') {
      expect(() => fixOf(given)).toThrow(/No value of the file is password/);
      return;
    }
    rowTest(name, given, edits, says);
  });
});

describe('services, ingresses and rules of the cluster', () => {
  it.each<Row>([
    [
      "the Service's selector follows the labels of the pods",
      {
        category: 'no-endpoints',
        values: 'service:\n  selector:\n    app: shopp\npodLabels:\n  app: shop\n',
      },
      ['service.selector.app: shopp -> shop'],
    ],
    [
      'a named port that the pods do not have',
      {
        category: 'no-endpoints',
        values:
          'service:\n  targetPort: web\ncontainer:\n  ports:\n    - name: http\n      containerPort: 80\n',
      },
      ['service.targetPort: web -> http'],
    ],
    [
      'what was scaled to zero',
      {
        category: 'no-endpoints',
        values: 'replicaCount: 0\n',
        earlier: ['replicaCount: 0\n', 'replicaCount: 3\n'],
      },
      ['replicaCount: 0 -> 3'],
    ],
    [
      'the only class of the cluster',
      {
        category: 'ingress-misconfigured',
        values: 'ingress:\n  className: ngnix\n',
        facts: { ingressClass: 'nginx' },
      },
      ['ingress.className: ngnix -> nginx'],
    ],
    [
      "the port of the ingress is the service's",
      {
        category: 'ingress-misconfigured',
        values: 'service:\n  port: 80\ningress:\n  servicePort: 8080\n',
      },
      ['ingress.servicePort: 8080 -> 80'],
    ],
    [
      'the service that the ingress led to',
      {
        category: 'ingress-misconfigured',
        values: 'ingress:\n  backend:\n    service: {name: shp}\n',
        facts: { host: 'shp' },
        earlier: ['ingress:\n  backend:\n    service: {name: shop}\n'],
      },
      ['ingress.backend.service.name: shp -> shop'],
    ],
    [
      'as strict as the rule asks',
      {
        category: 'admission-denied',
        values: 'securityContext:\n  runAsNonRoot: false\n',
        facts: {
          violations:
            'allowPrivilegeEscalation != false (container "shop" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "shop" must set securityContext.runAsNonRoot=true)',
        },
      },
      [
        'securityContext.allowPrivilegeEscalation: false',
        'securityContext.runAsNonRoot: false -> true',
      ],
    ],
  ])('%s', rowTest);
});

function rowTest(_: string, given: Case, edits: string[], says?: RegExp): void {
  const fix = fixOf(given);
  expect(told(fix.edits)).toEqual(edits);
  if (says) expect(`${fix.reason} ${fix.formula ?? ''}`).toMatch(says);
}
