import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';

/** A pod whose readiness probe is refused, with how its container ended last. */
function described(code: number, restarts: number): string {
  return [
    'Name:             mail-6d8f7c5b9-xx2sl',
    'Namespace:        post',
    'Status:           Running',
    'Containers:',
    '  mail:',
    '    Image:          post/mail:4',
    '    State:          Running',
    '    Last State:     Terminated',
    '      Reason:       Error',
    `      Exit Code:    ${code}`,
    '    Ready:          False',
    `    Restart Count:  ${restarts}`,
    'Conditions:',
    '  Type              Status',
    '  Ready             False ',
    'Events:',
    '  Type     Reason     Age                From     Message',
    '  ----     ------     ----               ----     -------',
    '  Warning  BackOff    13s (x9 over 52s)  kubelet  Back-off restarting failed container mail in pod mail-6d8f7c5b9-xx2sl_post(1)',
    '  Warning  Unhealthy  1s (x20 over 51s)  kubelet  Readiness probe failed: Get "http://10.0.0.85:8080/": dial tcp 10.0.0.85:8080: connect: connection refused',
  ].join('\n');
}

describe('a refused readiness probe', () => {
  it('is an echo of a container that ends again and again by itself', () => {
    const analysis = analyse([evidence(described(3, 4))]);
    expect(analysis.category).toBe('crash-loop');
    expect(analysis.rootCause?.evidence.map(({ text }) => text.trim())).toContain(
      'Exit Code:    3',
    );
  });

  it('is told where the container was stopped from outside', () => {
    expect(analyse([evidence(described(143, 4))]).category).toBe('readiness-failed');
  });

  it('is told where the container ended only once', () => {
    expect(analyse([evidence(described(3, 1))]).category).toBe('readiness-failed');
  });
});
