import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { evidence } from '../evidence';

const login = 'FATAL: password authentication failed for user "orders"';
const report =
  '# Orders is down since noon\n- It started right after the deployment at noon today\n- Nobody changed the database as far as I know\n';
const release = 'NAME: orders\nSTATUS: deployed\nNOTES:\n1. Get the application URL\n';
const rules =
  'groups:\n- name: tls\n  rules:\n  - alert: Expired\n    expr: left < 0\n    annotations:\n      summary: certificate has expired';
const task =
  '(service orders) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 123 has insufficient memory available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.\n';
const evicted =
  'The node was low on resource: ephemeral-storage. Threshold quantity: 2139512454, available: 2079152Ki. Container orders was using 5Gi, request is 0, has larger consumption of ephemeral-storage.';

describe('what people wrote for people', () => {
  it.each([
    [
      'a runbook',
      '# Runbook: orders\n\n## Steps\n- Look at the logs of the orders pod first\n- Restart the pod when it was OOMKilled again',
    ],
    [
      'a runbook that quotes',
      '# Runbook: restarts\n\n1. Look for `Reason: OOMKilled` in the description of the pod.\n2. Read the last words: typical is `connect ECONNREFUSED` to the database.',
    ],
    [
      'its paragraphs',
      '# Runbook\n\nWhen the log of the store says that there is no space left on device, make room first.\n- Look at the volume of the store first\n- Ask the storage team for more room there',
    ],
    ['rules of alerts', rules],
    [
      'a chat',
      '[10:02] ann: all green since the deploy\n[10:03] bob: and the "connection reset by peer"?\n[10:04] ann: gone, it was the keepalive',
    ],
    [
      'the notes of a chart',
      'NAME: shop\nSTATUS: deployed\nREVISION: 2\nNOTES:\nIf it says "connection refused", wait for the database.',
    ],
  ])('proves neither failure nor health: %s', (_, text) => {
    expect(analyse([evidence(text)]).verdict).toBe('insufficient-evidence');
  });

  it.each([
    ['a message of the platform, again and again', task.repeat(3), 'unschedulable-resources'],
    ['a long sentence, again and again', `${evicted}\n`.repeat(3), 'node-disk-pressure'],
    [
      'a log behind a command below the notes of a chart',
      `${release}$ kubectl logs deploy/orders\n2026-11-21T10:00:02Z FATAL orders: java.lang.OutOfMemoryError: Java heap space`,
      'heap-exhausted',
    ],
    [
      'an exception below the notes of a chart',
      `${release}java.lang.OutOfMemoryError: Java heap space`,
      'heap-exhausted',
    ],
    [
      'a log above rules of alerts',
      `ts=2026-11-21T10:00:02Z level=error msg="opening storage failed" err="no space left on device"\n$ cat rules.yml\n${rules}`,
      'disk-full',
    ],
    [
      'an error below rules of alerts',
      `${rules}\nError: listen EADDRINUSE: address already in use :::3000`,
      'port-in-use',
    ],
    [
      'errors below a report',
      `${report}\nError: connect ECONNREFUSED 10.0.0.5:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)\n${login}`,
      'database-auth',
    ],
    ['a sentence of the platform below a report', `${report}\n${evicted}`, 'node-disk-pressure'],
    [
      'a point with an address',
      `${report}- Log: ECONNREFUSED 10.0.0.5:5432`,
      'database-unavailable',
    ],
    ['a log that gives the minute', `10:02 orders: ${login}\n`.repeat(3), 'database-auth'],
    [
      'a log that gives the minute and asks nothing',
      '[10:02] orders: password authentication failed for user "orders"\n[10:03] bills: password authentication failed for user "bills"\n'.repeat(
        2,
      ),
      'database-auth',
    ],
  ])('never hides %s', (_, text, category) => {
    expect(analyse([evidence(text)]).category).toBe(category);
  });
});
