import { describe, expect, it } from 'vitest';

import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';

const refused = evidence(
  [
    '11:41:30 tariff-core: connect ECONNREFUSED 10.96.3.40:8080',
    '11:42:30 tariff-core: connect ECONNREFUSED 10.96.3.40:8080',
  ].join('\n'),
  'logs/selfcare-web.log',
);

function pods(...rows: string[]) {
  const header = 'NAME                           READY   STATUS             RESTARTS   AGE';
  return evidence([header, ...rows].join('\n'), 'pods.txt');
}

const web = 'selfcare-web-6c9d8f7b5-tbb4h   1/1     Running            0          8d';
const core = 'tariff-core-7b8d6c9f5-xx2wk    1/1     Running            0          9d';

describe('A refused connection', () => {
  it('is the echo of a workload that crashes, where the log is of another one', () => {
    const crashing = 'tariff-core-7b8d6c9f5-xx2wk    0/1     CrashLoopBackOff   22         94m';
    const { category, hypotheses } = analyse([refused, pods(crashing, web)]);
    expect(category).not.toBe('connection-refused');
    expect(hypotheses.map((each) => each.category)).toContain('crash-loop');
  });

  it('is the cause where the other side runs', () => {
    expect(analyse([refused, pods(core, web)]).category).toBe('connection-refused');
  });

  it('is the cause where what crashes is named by nobody', () => {
    const crashing = 'newsletter-5c9d8f7b5-abcde     0/1     CrashLoopBackOff   3          9m';
    expect(analyse([refused, pods(core, web, crashing)]).hypotheses[0]?.category).toBe(
      'connection-refused',
    );
  });

  it('is told of the workload that is not made, and of what forbids it', () => {
    const deployments = evidence(
      [
        'NAME          READY   UP-TO-DATE   AVAILABLE   AGE',
        'tariff-core   0/1     0            0           9d',
      ].join('\n'),
      'deployments.txt',
    );
    const events = evidence(
      [
        'LAST SEEN   TYPE      REASON         OBJECT                              MESSAGE',
        '10m         Warning   FailedCreate   replicaset/tariff-core-7b8d6c9f5    Error creating: admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/telco/tariff-core-7b8d6c9f5-xv2 was blocked due to the following policies: run-as-non-root',
      ].join('\n'),
      'events.txt',
    );
    const { category, facts } = analyse([refused, pods(web), deployments, events]);
    expect(category).toBe('admission-denied');
    expect(facts.app?.value).toBe('tariff-core');
  });

  it('of a broker says so though its container ended well', () => {
    const worker = evidence(
      '[2026-07-19 04:13:02,569: ERROR/MainProcess] consumer: Cannot connect to amqp://app:**@rabbitmq:5672//: [Errno 111] Connection refused.',
      'worker.log',
    );
    const engine = evidence(
      [
        'NAMES      IMAGE           STATUS',
        'worker     acme/worker:2   Up 12 days',
        'rabbitmq   rabbitmq:3.11   Exited (0) 10 minutes ago',
      ].join('\n'),
      'docker-ps.txt',
    );
    const { category, rootCause } = analyse([worker, engine]);
    expect(category).toBe('broker-unavailable');
    expect(rootCause?.confidence).toBeGreaterThan(0.8);
  });
});
