import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { joinChanges } from '../../../../src/playbooks/engine/changes';
import { judge, reasonOf } from '../../../../src/playbooks/engine/predictions';
import { readEvidence } from '../../../../src/playbooks/read/reading';
import { evidence } from '../evidence';

/** What `kubectl describe pod` prints of one container. */
function described(pod: {
  name: string;
  app: string;
  node: string;
  image: string;
  state: string;
  variables?: string;
}): string {
  const { name, app, node, image, state, variables = '      PORT:  8080' } = pod;
  return `Name:             ${name}
Namespace:        shop
Node:             ${node}/10.0.0.9
Labels:           app=${app}
Status:           Running
Containers:
  ${app}:
    Image:          ${image}
${state}
    Environment:
${variables}
Events:           <none>`;
}

const well = `    State:          Running
      Started:      Sat, 21 Nov 2026 09:00:00 +0000
    Ready:          True
    Restart Count:  0`;
const crashed = `    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Exit Code:    1
      Started:      Sat, 21 Nov 2026 11:59:50 +0000
      Finished:     Sat, 21 Nov 2026 12:00:00 +0000
    Ready:          False
    Restart Count:  6`;
const header =
  'NAME                         READY   STATUS             RESTARTS      AGE   IP          NODE     NOMINATED NODE   READINESS GATES';
const row = (name: string, ready: string, status: string, restarts: string, node: string): string =>
  `${name.padEnd(29)}${ready.padEnd(8)}${status.padEnd(19)}${restarts.padEnd(14)}2d    10.0.0.4    ${node.padEnd(9)}<none>           <none>`;

describe('failing pods beside healthy ones', () => {
  const failing = described({
    name: 'cart-6d4cf56db6-bcdfg',
    app: 'cart',
    node: 'node-1',
    image: 'shop/cart:2.1.0',
    state: crashed,
    variables: '      PORT:  8080\n      CART_CACHE:  off',
  });
  const healthy = described({
    name: 'cart-7c9bb8dd77-qwrtz',
    app: 'cart',
    node: 'node-1',
    image: 'shop/cart:2.0.3',
    state: well,
  });
  const log = `2026-11-21T11:59:55Z INFO cart 2.1.0 starting
2026-11-21T11:59:59Z ERROR TypeError: Cannot read properties of undefined (reading 'ttl')
    at Cache.open (/srv/app/cache.js:12:9)`;
  const texts = [
    evidence(failing, 'new.txt'),
    evidence(healthy, 'old.txt'),
    evidence(log, 'cart.log'),
  ];

  it('differ in image, environment and ReplicaSet, and not in what they share', () => {
    const { rootCause } = analyse(texts);
    expect(rootCause?.changes).toEqual([
      'image of cart: shop/cart:2.1.0 where it fails, shop/cart:2.0.3 where it is well',
      'variable CART_CACHE of cart: off where it fails, not set where it is well',
      'ReplicaSet: cart-6d4cf56db6 where it fails, cart-7c9bb8dd77 where it is well',
    ]);
  });
});

describe('what several applications have in common', () => {
  const pods = [
    header,
    row('cart-6d4cf56db6-bcdfg', '0/1', 'CrashLoopBackOff', '6 (10s ago)', 'node-2'),
    row('mailer-5f7c9d8b44-zzxcv', '0/1', 'CrashLoopBackOff', '4 (20s ago)', 'node-2'),
    row('search-55c6497556-p2s6f', '0/1', 'CrashLoopBackOff', '5 (30s ago)', 'node-2'),
    row('cart-6d4cf56db6-fghjk', '1/1', 'Running', '0', 'node-1'),
    row('mailer-5f7c9d8b44-bnmvc', '1/1', 'Running', '0', 'node-3'),
  ];

  it('is told before one of them is blamed', () => {
    const { hypotheses, questions } = analyse([evidence(pods.join('\n'))]);
    expect(hypotheses[0]?.why).toContain('cart, mailer, search share the node node-2');
    expect(questions[0]).toMatchObject({ server: 'kubectl', tool: 'list_nodes' });
  });

  it('is nothing where a healthy pod has it too', () => {
    const other = row('cart-6d4cf56db6-tttww', '1/1', 'Running', '0', 'node-2');
    const [first] = analyse([evidence([...pods, other].join('\n'))]).hypotheses;
    expect(first?.why).not.toContain('share');
  });
});

const cartLog = `2026-11-21T12:00:01Z INFO cart 2.1.0 listening on :8080
2026-11-21T12:00:09Z ERROR request failed: connect ECONNREFUSED redis-master:6379
2026-11-21T12:00:10Z ERROR request failed: connect ECONNREFUSED redis-master:6379
2026-11-21T12:00:11Z ERROR GET /cart 500 3ms`;
const redis = described({
  name: 'redis-master-0',
  app: 'redis-master',
  node: 'node-1',
  image: 'redis:7.4',
  state: crashed
    .replace('Reason:       Error', 'Reason:       OOMKilled')
    .replace('Code:    1', 'Code:    137'),
});
const events = `LAST SEEN   TYPE      REASON    OBJECT                        MESSAGE
20s         Warning   Failed    pod/mailer-5f7c9d8b44-zzxcv   Failed to pull image "shop/mailer:9.9": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/shop/mailer:9.9": failed to resolve reference "docker.io/shop/mailer:9.9": docker.io/shop/mailer:9.9: not found
20s         Warning   Failed    pod/mailer-5f7c9d8b44-zzxcv   Error: ErrImagePull`;
const podLog = cartLog
  .split('\n')
  .map((line) => `[pod/cart-6d4cf56db6-bcdfg/cart] ${line}`)
  .join('\n');

describe('the walk along references', () => {
  it('leads from a log to the object that fails by itself', () => {
    const analysis = analyse([evidence(podLog, 'cart.log'), evidence(redis, 'redis.txt')]);
    expect(analysis.category).toBe('oom-killed');
    expect(analysis.facts.app?.value).toBe('redis-master');
  });
});

describe('two incidents', () => {
  const texts = [
    evidence(podLog, 'cart.log'),
    evidence(redis, 'redis.txt'),
    evidence(events, 'events.txt'),
  ];

  it('stay two, told in the summary and as a hypothesis', () => {
    const analysis = analyse(texts);
    expect(analysis.category).toBe('oom-killed');
    expect(analysis.rootCause?.summary).toContain(
      'Apart from it, mailer fails by itself (image-not-found',
    );
    const second = analysis.hypotheses.find(({ category }) => category === 'image-not-found');
    expect(second?.why).toContain('a second incident, of mailer');
  });

  it('are one where the one asks the other', () => {
    const asking = podLog.replaceAll('redis-master:6379', 'mailer:8080');
    const analysis = analyse([evidence(asking, 'cart.log'), evidence(events, 'events.txt')]);
    expect(analysis.rootCause?.summary).not.toContain('Apart from it');
  });
});

describe('what a hypothesis predicts', () => {
  const cart = (state: string) =>
    readEvidence(
      [
        evidence(
          described({ name: 'cart-6d4cf56db6-bcdfg', app: 'cart', node: 'n', image: 'a:1', state }),
        ),
      ],
      null,
    );

  it('is seen, contradicted or unobservable', () => {
    const outcomes = (state: string) =>
      judge('oom-killed', cart(state), 'cart', null).map(({ outcome }) => outcome);
    expect(outcomes(crashed.replace('Code:    1', 'Code:    137'))).toEqual(['seen']);
    expect(outcomes(crashed)).toEqual(['contradicted']);
    expect(outcomes(well)).toEqual(['unobservable']);
  });

  it('is not contradicted by a source that was cut', () => {
    const reading = { ...cart(crashed), complete: false };
    expect(judge('oom-killed', reading, 'cart', null)).toMatchObject([
      { outcome: 'unobservable', cut: true, citation: null },
    ]);
  });

  it('is denied where the cluster refused to tell', () => {
    const refused =
      'Error from server (Forbidden): pods "cart" is forbidden: User "dev" cannot get resource "pods"';
    const reading = readEvidence([evidence(refused)], null);
    const [judged] = judge('oom-killed', reading, 'cart', null);
    expect(judged && reasonOf(judged, reading)).toBe('denied');
  });
});

describe('the question that separates', () => {
  const log = `2026-11-21T12:00:01Z INFO worker 1.4.0 starting
2026-11-21T12:00:09Z WARN memory usage is at 97% of limit
2026-11-21T12:00:10Z worker: exited with code 137
2026-11-21T12:00:11Z WARN liveness probe failed`;

  it('stands first and says beforehand what its answer means', () => {
    const [question] = analyse([evidence(log)]).questions;
    expect(question?.why).toMatch(/^tells oom-killed from [\w-]+: .+ speaks for oom-killed/);
  });
});

describe('what changed', () => {
  const failure = '2026-11-21T12:05:00Z ERROR cannot write: ENOSPC: no space left on device';
  const before = (line: string): string =>
    ['2026-11-21T12:00:00Z INFO GET /cart 200 4ms', line, failure, failure].join('\n');

  it.each([
    ['2026-11-21T12:04:00Z INFO configuration reloaded: retention=90d', 'configuration reloaded'],
    ['2026-11-21T12:04:00Z INFO feature flag full-audit enabled', 'feature flag full-audit'],
  ])('is what the log tells between health and failure: %s', (line, told) => {
    expect(analyse([evidence(before(line))]).rootCause?.changes).toEqual([
      expect.stringContaining(told),
    ]);
  });

  it('is said to be nothing where nothing is seen', () => {
    const { rootCause } = analyse([
      evidence(before('2026-11-21T12:04:00Z INFO GET /cart 200 5ms')),
    ]);
    expect(rootCause?.changes).toEqual([
      'Nothing is seen to have changed between 2026-11-21T12:04:00Z (healthy) and 2026-11-21T12:05:00Z (failing).',
    ]);
    expect(
      joinChanges(rootCause?.changes ?? [], ['a1b2c3 2026-11-21 Kim: raise retention']),
    ).toEqual(['a1b2c3 2026-11-21 Kim: raise retention']);
  });

  it('is not guessed where no healthy moment was seen', () => {
    expect(analyse([evidence(failure)]).rootCause?.changes).toEqual([]);
  });

  it('names the rollout before the failure, and not the one long before', () => {
    const rollout = `LAST SEEN   TYPE     REASON              OBJECT            MESSAGE
6m          Normal   ScalingReplicaSet   deployment/cart   Scaled up replica set cart-6d4cf56db6 from 0 to 1
3d          Normal   ScalingReplicaSet   deployment/cart   Scaled up replica set cart-7c9bb8dd77 from 0 to 1`;
    const log = failure.replace('ERROR', 'ERROR cart:').replace('Z ', 'Z [cart] ');
    const { rootCause } = analyse([
      evidence(`${log}\n${log}`, 'cart.log'),
      evidence(rollout, 'events.txt'),
    ]);
    expect(rootCause?.changes).toEqual([
      '2026-11-21T11:59:00Z Scaled up replica set cart-6d4cf56db6 from 0 to 1',
    ]);
  });
});
