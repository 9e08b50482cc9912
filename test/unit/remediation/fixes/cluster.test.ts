import { describe, it } from 'vitest';

import type { Row } from './rows';
import { rowTest } from './rows';

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
