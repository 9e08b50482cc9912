import { describe, expect, it } from 'vitest';

import type { Case } from './given';
import { fixOf } from './given';
import type { Row } from './rows';
import { rowTest } from './rows';

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
  ])('%s', rowTest);

  it('refuses a name that nobody knows', () => {
    const given: Case = {
      category: 'missing-config-ref',
      values: 'existingSecret: gone\n',
      facts: { configReference: 'Secret/gone#password' },
    };
    expect(() => fixOf(given)).toThrow(/No value of the file is password/);
  });
});
