import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { readEvidence } from '../../../../src/playbooks/read/reading';
import { evidence } from '../evidence';

const container = [
  '    Image:          mail/sender:4',
  '    State:          Running',
  '      Started:      Tue, 03 Nov 2026 10:01:00 +0000',
  '    Last State:     Terminated',
  '      Reason:       OOMKilled',
  '      Exit Code:    137',
  '    Ready:          False',
  '    Restart Count:  4',
  '    Limits:',
  '      memory:  256Mi',
];
const events = [
  'Events:',
  '  Type     Reason   Age              From     Message',
  '  ----     ------   ----             ----     -------',
  '  Warning  BackOff  12s (x6 over 2m) kubelet  Back-off restarting failed container sender in pod sender-6d8f7c5b9-xx2sl_mail(1-2)',
];

describe('a part of a description', () => {
  it('is a pod, named by its events', () => {
    const { picture } = readEvidence([evidence([...container, ...events].join('\n'))], null);
    const [pod] = picture.pods;
    expect(pod?.name).toBe('sender-6d8f7c5b9-xx2sl');
    expect(pod?.app).toBe('sender');
    expect(pod?.containers[0]?.lastState?.exitCode?.value).toBe(137);
    expect(pod?.containers[0]?.limits.memory?.value).toBe('256Mi');
  });

  it('keeps the name that stands above its container', () => {
    const text = ['Containers:', '  sender:', ...container].join('\n');
    expect(readEvidence([evidence(text)], null).picture.pods[0]?.containers[0]?.name).toBe(
      'sender',
    );
  });

  it('tells no name where none is known', () => {
    const analysis = analyse([evidence(container.join('\n'))]);
    expect(analysis.category).toBe('oom-killed');
    expect(analysis.facts.memoryLimit?.value).toBe('256Mi');
    expect(analysis.facts.pod).toBeUndefined();
    expect(analysis.facts.container).toBeUndefined();
  });

  it('belongs to the only pod of a list that is not well', () => {
    const list = [
      'NAME                       READY   STATUS             RESTARTS      AGE',
      'sender-6d8f7c5b9-xx2sl     0/1     CrashLoopBackOff   4 (9s ago)    5m',
      'reader-5c7d9f8b4-bb7kq     1/1     Running            0             5m',
    ];
    const { picture } = readEvidence([evidence([...list, ...container].join('\n'))], null);
    expect(picture.pods.map(({ name }) => name)).toEqual([
      'sender-6d8f7c5b9-xx2sl',
      'reader-5c7d9f8b4-bb7kq',
      'sender-6d8f7c5b9-xx2sl',
    ]);
  });

  it.each(['', '\n', '$ kubectl logs orders\n', '      '])(
    'ends where a program speaks, behind %j',
    (between) => {
      const calm = [
        '    State:          Running',
        '      Started:      Sat, 21 Nov 2026 10:00:00 +0000',
        '    Ready:          True',
        '    Restart Count:  0',
      ];
      const log = `${between}FATAL: password authentication failed for user "orders"`;
      const analysis = analyse([evidence([...calm, log].join('\n'))]);
      expect(analysis.category).toBe('database-auth');
    },
  );

  it('ends where an error begins', () => {
    const calm = container.slice(0, 3).join('\n');
    const analysis = analyse([evidence(`${calm}\nError: Cannot find module 'express'`)]);
    expect(analysis.category).toBe('dependency-missing');
  });

  it('proves no health by its text alone', () => {
    const text = [
      '    State:          Running',
      '      Started:      Sat, 21 Nov 2026 10:00:00 +0000',
      '    Ready:          False',
      '    Restart Count:  9',
    ].join('\n');
    expect(analyse([evidence(text)]).verdict).toBe('insufficient-evidence');
  });

  it('is no other list of keys', () => {
    const text = 'State:   Running\nHealth:  good\nImage:   a picture';
    expect(readEvidence([evidence(text)], null).picture.pods).toEqual([]);
  });
});
