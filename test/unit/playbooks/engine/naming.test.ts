import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
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

describe('replicas', () => {
  it('that start beside each other are no loop', () => {
    const lines = [1, 2, 3, 4].flatMap((slot) => [
      `crates.${slot}.k3x9wq7m4n${slot}p@host-1 | crates starting`,
      `crates.${slot}.k3x9wq7m4n${slot}p@host-1 | listening on 80`,
    ]);
    expect(analyse([evidence(lines.join('\n'))]).verdict).not.toBe('incident');
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
