import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';
import { testSamples } from './samples';

const verdictOf = (...lines: string[]): string => analyse([evidence(lines.join('\n'))]).verdict;

/** What a queue's own statistics print, taken at several moments. */
const looks = (name: string, counts: readonly number[]): string[] =>
  counts.flatMap((count, at) => [
    'queue: letters',
    `jobs-ready: ${at}`,
    `jobs-running: 1`,
    `${name}: ${count}`,
    'workers: 4',
  ]);

describe('what stands there calmly and is trouble all the same', () => {
  it.each(['jobs-buried', 'dead_letters', 'failed'])('%s that rises is no health', (name) => {
    expect(verdictOf(...looks(name, [0, 2, 7]))).toBe('insufficient-evidence');
  });

  it('a counter that rose once, or stays, is everyday life', () => {
    expect(verdictOf(...looks('jobs-buried', [0, 1, 1]))).toBe('no-incident');
    expect(verdictOf(...looks('jobs-buried', [7, 7, 7]))).toBe('no-incident');
  });

  const alert = (state: string): string[] => [
    '{',
    '  "status": "success",',
    '  "alertname": "SlowCheckout",',
    '  "labels": {"job": "checkout"},',
    '  "summary": "orders take long",',
    `  "state": "${state}"`,
    '}',
    '{',
    '  "status": "success",',
    '  "groups": []',
    '}',
  ];

  it('an alert that fires is one', () => {
    expect(verdictOf(...alert('firing'))).toBe('insufficient-evidence');
  });

  it('an alert that was resolved is none', () => {
    expect(verdictOf(...alert('firing'), ...alert('resolved'))).toBe('no-incident');
  });

  const header = 'NAME                  DESIRED   CURRENT   READY   AGE';

  it('a replica set that lacks a pod is one', () => {
    expect(verdictOf(header, 'orders-7d9c4b8f6b      3         3         2       9m')).toBe(
      'insufficient-evidence',
    );
  });

  it('an old replica set without pods is none', () => {
    const analysis = verdictOf(
      header,
      'orders-7d9c4b8f6b      3         3         3       9m',
      'orders-5f6b7c8d9f      0         0         0       3d',
    );
    expect(analysis).toBe('no-incident');
  });
});

const rounds = (count: number, lines: (at: number) => string[]): string =>
  Array.from({ length: count }, (_, at) => lines(at))
    .flat()
    .join('\n');

const served = (pid: number): string =>
  `[pid: ${pid}|app: 0|req: 1/1] 10.0.0.9 () {20 vars in 250 bytes} GET /offer => generated 9 bytes (HTTP/1.1 200)`;

/** A unit that systemd starts, and that ends well, so many seconds later. */
const unit = (seconds: number): string =>
  rounds(4, (at) => {
    const stamp = (plus: number): string =>
      new Date(Date.UTC(2026, 10, 3, 9, 0, at * seconds + plus)).toISOString().slice(11, 19);
    return [
      `Nov 03 ${stamp(0)} box systemd[1]: Started mirror.service - Mirror of packages.`,
      `Nov 03 ${stamp(1)} box mirrord[${at + 30}]: listening on :8730`,
      `Nov 03 ${stamp(1)} box systemd[1]: mirror.service: Deactivated successfully.`,
    ];
  });

testSamples({
  'crash-loop': {
    real: [
      rounds(5, (at) => [
        served(at),
        `DAMN ! worker 2 (pid: ${at + 40}) died :( trying respawn ...`,
        `Respawned uWSGI worker 2 (new pid: ${at + 41})`,
      ]),
      rounds(5, (at) => [
        `[03-Nov-2026 09:00:1${at}] WARNING: [pool offers] child ${at + 70} exited with code 3 after 1.20${at} seconds from start`,
        `[03-Nov-2026 09:00:1${at}] NOTICE: [pool offers] child ${at + 71} started`,
      ]),
    ],
    alike: [
      rounds(5, (at) => [
        served(at),
        `worker 2 killed successfully (pid: ${at + 40})`,
        `Respawned uWSGI worker 2 (new pid: ${at + 41})`,
      ]),
      `DAMN ! worker 2 (pid: 40) died :( trying respawn ...\n${rounds(30, (at) => [served(at)])}`,
    ],
  },
  'exited-normally': { real: [unit(3)], alike: [unit(900)] },
  'dns-failure': {
    real: [
      'Nov 03 09:00:01 box postfix/smtp[40]: 4F1A22: to=<ann@shop.test>, relay=none, dsn=4.4.3, status=deferred (Host or domain name not found. Name service error for name=relay.shop.test type=A: Host not found, try again)',
      "500 Can't connect to prices.shop.test:443 (Bad hostname)",
    ],
    alike: [
      'Nov 03 09:00:01 box postfix/smtp[40]: 4F1A22: to=<ann@typo.test>, relay=none, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for name=typo.test type=AAAA: Host not found)',
    ],
  },
  'fd-exhausted': {
    real: ['2026/11/03 09:00:01 kid1| WARNING! Your cache is running out of filedescriptors'],
    alike: ['2026/11/03 09:00:01 kid1| With 1024 file descriptors available'],
  },
  'invalid-config': {
    real: [
      "03-Nov-2026 09:00:01.100 dns_rdata_fromtext: shop.zone:9: near '10.0.0.300': bad dotted quad\n03-Nov-2026 09:00:01.100 zone shop.test/IN: not loaded due to errors.",
      'level=error component="rule manager" msg="loading groups failed" err="/etc/metrics/rules.yml: 8:11: could not parse expression: parse error: unexpected end of input"',
    ],
    alike: ['level=info msg="zone shop.test/IN: loaded serial 2026110301"'],
  },
  'admission-denied': {
    real: [
      'status:\n  conditions:\n  - message: \'pods "web-1" is forbidden: maximum memory usage\n      per Container is 1Gi, but limit is 4Gi\'\n    reason: FailedCreate',
    ],
    alike: ['the memory per Container is 1Gi by default'],
  },
});

describe('who it is about', () => {
  const stamp = '2026-11-03T09:00:01.100000+00:00';
  it.each([
    [
      'mirror',
      'a syslog tag, and not the host before it',
      `${stamp} vault-3 mirror[40]: write /srv/copy: No space left on device`,
    ],
    [
      'postfix',
      'the service of a tag that names a part of it too',
      'Nov 03 09:00:01 box postfix/smtp[40]: connect to relay.shop.test[10.0.0.9]:25: Connection timed out',
    ],
    [
      'price-edge',
      'the name of a web server',
      '2026/11/03 09:00:01 [crit] 9#9: *3 open() "/srv/p/a.js" failed (24: Too many open files), client: 10.0.0.1, server: price-edge, request: "GET /a.js HTTP/1.1"',
    ],
    [
      'parcels',
      'the name of a stack',
      '$ docker stack deploy -c stack.yml parcels\nnetwork "front" is declared as external, but could not be found. You need to create a swarm-scoped network before the stack is deployed',
    ],
  ])('%s: %s', (app, _what, text) => {
    expect(analyse([evidence(text)]).facts.app?.value).toBe(app);
  });
});
