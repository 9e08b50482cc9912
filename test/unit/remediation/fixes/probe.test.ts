import { describe, expect, it } from 'vitest';

import type { TemplateTrace } from '../../../../src/remediation/templateTrace';
import { fixOf } from './given';
import type { LineRow, Objection, Refusal } from './lines';
import { changesLines, indented, objects, refuses, two } from './lines';

const probe = (lines: string) =>
  `livenessProbe:\n  httpGet:\n    path: /health\n    port: 8080\n${lines}`;

describe('the probe fix', () => {
  it.each<LineRow>([
    {
      name: 'a probe among others, under probes',
      category: 'liveness-failed',
      values: 'probes:\n  liveness:\n    httpGet: {port: 80}\n    periodSeconds: 5\n',
      facts: { startProgressed: true, startSeconds: 10 },
      changed: { '    periodSeconds: 5': '    periodSeconds: 5\n    initialDelaySeconds: 15' },
      title: "set liveness probe's initial delay to 15",
    },
    {
      name: 'a start that goes on: the initial delay of the liveness probe',
      category: 'liveness-failed',
      values: probe('  initialDelaySeconds: 10\n  failureThreshold: 3\n'),
      facts: { startProgressed: true, startSeconds: 48, probeInitialDelaySeconds: 10 },
      changed: { '  initialDelaySeconds: 10': '  initialDelaySeconds: 75' },
      title: "raise liveness probe's initial delay to 75",
      says: /start x 1\.5 = 48 s x 1\.5/,
    },
    {
      name: 'a startup probe is the place for it',
      category: 'liveness-failed',
      values: `${probe('')}startupProbe:\n  periodSeconds: 5\n  failureThreshold: 6\n`,
      facts: { startProgressed: true, startSeconds: 48 },
      changed: { '  failureThreshold: 6': '  failureThreshold: 15' },
      title: "raise startup probe's failure threshold to 15",
    },
    {
      name: 'no delay is set: it is added',
      category: 'readiness-failed',
      values: 'readinessProbe:\n  httpGet:\n    path: /ready\n    port: 80\n',
      facts: { startProgressed: true, startSeconds: 20, probe: 'readiness' },
      changed: { '    port: 80': '    port: 80\n  initialDelaySeconds: 30' },
      title: "set readiness probe's initial delay to 30",
    },
    {
      name: 'the application listens elsewhere',
      category: 'readiness-failed',
      values:
        'readinessProbe:\n  httpGet:\n    path: /ready\n    port: 8080\nservice:\n  port: 8080\n',
      facts: { probePort: 8080, listenPort: 3000 },
      changed: { '    port: 8080': '    port: 3000' },
      title: 'send readiness probe to port 3000',
    },
    {
      name: 'the application serves another path',
      category: 'liveness-failed',
      values: probe('readinessProbe:\n  httpGet:\n    path: /health\n'),
      facts: { probePath: '/health', servedPath: '/healthz' },
      changed: { '    path: /health': '    path: /healthz' },
      title: 'send liveness probe to path /healthz',
    },
  ])('$category: $name', changesLines);

  it.each<Refusal>([
    [
      'two delays',
      'liveness-failed',
      two(probe('  initialDelaySeconds: 1\n')),
      { startProgressed: true },
      'values-ambiguous',
    ],
    [
      'two probes without',
      'liveness-failed',
      two(probe('')),
      { startProgressed: true },
      'values-ambiguous',
    ],
    ['no probe', 'liveness-failed', 'a: 1\n', { startProgressed: true }, 'values-key-missing'],
    [
      'long enough',
      'liveness-failed',
      probe('  initialDelaySeconds: 90\n'),
      { startProgressed: true, startSeconds: 9 },
      'values-ambiguous',
    ],
    [
      'two ports',
      'readiness-failed',
      two('readinessProbe: {httpGet: {port: 1}}\n'),
      { probePort: 1, listenPort: 2 },
      'values-ambiguous',
    ],
    [
      "another container's probe, without a delay",
      'liveness-failed',
      `redis:\n${indented(probe(''))}`,
      { startProgressed: true, container: 'blog-service' },
      'values-key-missing',
    ],
    [
      'a named port',
      'readiness-failed',
      'readinessProbe: {httpGet: {port: http}}\n',
      { probePort: 1, listenPort: 2 },
      'values-ambiguous',
    ],
  ])('refuses %s (%s)', refuses);

  it.each<Objection>([
    ['liveness-failed', {}, /no probe time is changed/],
    ['readiness-failed', { probePort: 80, listenPort: 80 }, /no probe time is changed/],
  ])('objects to %s with %j', objects);

  it('adds no delay that the templates do not use', () => {
    const trace: TemplateTrace = {
      reach: (path) =>
        path.includes('initialDelaySeconds')
          ? { kind: 'unreached' }
          : { kind: 'reached', template: 'd.yaml' },
    };
    const facts = { startProgressed: true };
    expect(() => fixOf({ category: 'liveness-failed', values: probe(''), facts, trace })).toThrow(
      /templates do not use it/,
    );
  });
});
