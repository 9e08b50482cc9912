import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { appOfFile } from '../../../../src/playbooks/engine/app';
import { evidence } from '../evidence';

const appOf = (...lines: string[]): string | undefined =>
  analyse([evidence(lines.join('\n'), '-')]).facts.app?.value;

const full = 'write /data/q: no space left on device';
/** What other programs of the same place say meanwhile. */
const others = Array.from(
  { length: 30 },
  (_, at) => `Mar  4 05:06:${10 + at} host-1 packer[90]: packed box ${at}`,
);

describe('who failed', () => {
  it.each([
    ['its tag in the journal', [`Mar  4 05:06:07 host-1 crates[71]: ERROR ${full}`]],
    [
      'its logger',
      [
        `2026-03-04 05:06:07,080 - crates - ERROR - ${full}`,
        '2026-03-04 05:06:08,080 - crates - INFO - x',
      ],
    ],
    [
      'its crate',
      [`2026-03-04T05:06:07Z ERROR crates::disk: ${full}`, '2026-03-04T05:06:08Z  INFO crates: x'],
    ],
    ['its name in brackets', [`2026-03-04T05:06:07Z ERROR [crates-api] ${full}`]],
    ['its banner', ['2026-03-04T05:06:07Z crates 2.1 starting', `2026-03-04T05:06:08Z ${full}`]],
  ])('is told by %s, whoever else writes there', (_name, lines) => {
    const [app] = [...lines.join(' ').matchAll(/crates(?:-api)?/g)].map(String);
    expect(appOf(...lines)).toBe(app);
    expect(appOf(...others, ...lines, ...others)).toBe(app);
  });

  it.each([
    [['==> Starting Consul agent...', full], 'consul'],
    [
      [
        'ts=1 level=info msg="Starting Prometheus Server" version="(2.5)"',
        `level=error err="${full}"`,
      ],
      'prometheus',
    ],
    [
      [
        't=1 lvl=info msg="InfluxDB starting" version=1.6',
        `t=2 lvl=error service=store msg="${full}"`,
      ],
      'influxdb',
    ],
    [
      [`2026-03-04 05:06:07,1 WARN exited: crates_00 (exit status 1; not expected)`, full],
      'crates',
    ],
    [
      [
        'Mar 04 05:06:07 master: Info: Packer v2.1 (9b5) starting up',
        `Mar 04 05:06:08 box-in: ${full}`,
      ],
      'packer',
    ],
    [['crates 2.1.0', full], 'crates'],
    [['     -> service.name: Str(crates)', `Body: Str(${full})`], 'crates'],
  ])('is the program that introduces itself: %j', (lines, app) => {
    expect(appOf(...lines)).toBe(app);
  });

  it('is no library, and no word of a sentence', () => {
    expect(
      appOf(`ERROR urllib3.connectionpool: ${full}`, `ERROR urllib3.connectionpool: ${full}`),
    ).toBeUndefined();
    expect(appOf(`2026-03-04 05:06:07 ERROR cannot ${full}`)).toBeUndefined();
  });
});

describe('what a line is about', () => {
  const auth = 'password authentication failed for user "depot"';

  it.each([
    ['a measurement', [`[crates] ready`, `[crates] ERROR ${full}`, 'elapsed 1.25']],
    ['a library', ['openssl 3.0.2', `ERROR ${full}`]],
    ['an agent', ['INFO newrelic v9.0.1 started', `ERROR ${full}`]],
    ['a step of its start', ['INFO Starting Flyway...', 'INFO Starting Migration...', full]],
    ['a task', [`level=error task=sweep msg="${full}"`]],
    ['who was called', ['The payment service is unavailable', full]],
    ['a call', ['dial tcp 10.0.0.1:5432: connect: connection refused', `dial tcp: ${full}`]],
    ['a client', [`ERROR pq: ${auth}`, `ERROR pq: ${auth}`]],
  ])('is not the application: %s', (_name, lines) => {
    const analysis = analyse([evidence(lines.join('\n'), 'crates.log')]);
    expect(analysis.facts.app?.value).toBe('crates');
  });

  it('is not the application: a level behind its name', () => {
    const line = `2026-03-04T05:06:07Z [crates] FATAL: ${auth}`;
    expect(appOf(line, line)).toBe('crates');
  });

  it('may be the name of its file', () => {
    expect(appOfFile('logs/login-service.log')).toBe('login');
    expect(appOfFile('consumer-groups.txt')).toBeNull();
  });
});

describe('replicas', () => {
  const slots = [1, 2, 3, 4];
  const pod = (slot: number): string => `crates-6c9d8b7f5d-q4x2${slot}`;
  it.each([
    ['Swarm', (slot: number) => `crates.${slot}.k3x9wq7m4n${slot}p@host-1 | `],
    ['pm2', (slot: number) => `${slot}|crates | `],
    ['compose', (slot: number) => `crates-${slot}  | `],
    ['Loki', (slot: number) => `2026-03-04T05:06:0${slot}Z {app="crates", pod="${pod(slot)}"} `],
    ['ECS', (slot: number) => `depot/crates/${'4f0c9d2b7a6e4f31'.repeat(2).slice(1)}${slot} `],
  ])('of %s that start beside each other are no loop', (_name, prefix) => {
    const lines = slots.flatMap((slot) => [
      `${prefix(slot)}crates starting`,
      `${prefix(slot)}listening on 80`,
    ]);
    expect(analyse([evidence(lines.join('\n'))]).verdict).not.toBe('incident');
  });

  it('that JSON tells apart are no loop, and one of them that starts again is', () => {
    const log = (hostOf: (slot: number) => string): string =>
      slots
        .flatMap((slot) =>
          ['crates starting', 'listening on 80'].map((msg) =>
            JSON.stringify({ level: 'info', service: 'crates', hostname: hostOf(slot), msg }),
          ),
        )
        .join('\n');
    expect(analyse([evidence(log((slot) => `crates-${slot}`))]).verdict).not.toBe('incident');
    expect(analyse([evidence(log(() => 'crates-0'))]).category).toBe('crash-loop');
  });
});

it('an error that the JVM throws is no calm line of what was logged before it', () => {
  const analysis = analyse([
    evidence(
      '05:06:07 INFO packing box 4\njava.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:3)',
    ),
  ]);
  expect(analysis.category).toBe('heap-exhausted');
});
