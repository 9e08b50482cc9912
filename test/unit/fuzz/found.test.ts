import { describe, expect, it } from 'vitest';
import { fingerprintOf, normaliseLine } from '../../../src/intake/fingerprint';
import { compilePrefilter, matchLine, toPortable } from '../../../src/intake/scan/prefilter';
import { maskText } from '../../../src/intake/masking/mask';
import { analyse } from '../../../src/playbooks/analyse';
import { appOfFile } from '../../../src/playbooks/engine/app';
import { search } from '../../../src/playbooks/engine/search';
import { readEvidence } from '../../../src/playbooks/read/reading';
import { evidence } from '../playbooks/evidence';

/** What `npm run fuzz` found, one at its smallest each. */
describe('faults that hostile logs showed', () => {
  it('judges an event whose reason is the name of a method', () => {
    const text = evidence(
      'LAST SEEN   TYPE      REASON        OBJECT    MESSAGE\n' +
        '5m          Warning   constructor   pod/web   Liveness probe failed: timeout',
    );

    expect(analyse([text]).verdict).not.toBe('no-incident');
  });

  it.each(['99999999999999999999m', '9999999999d'])(
    'states no onset where the age of an event is %s',
    (age) => {
      const text = evidence(
        `LAST SEEN   TYPE      REASON   OBJECT   MESSAGE\n` +
          `${age.padEnd(24)}Warning   OOMKilling   pod/web   Memory cgroup out of memory: Killed process 1 (web)\n` +
          '\n2026-11-21T10:00:00Z INFO web done',
      );

      expect(analyse([text]).onset).toBeUndefined();
    },
  );

  it('finds a match anywhere in a long line that holds its literal again and again', () => {
    const filler = 'worker_connections '.repeat(600);
    const line = `${filler}1024 worker_connections are not enough ${filler}`;
    const { lines } = readEvidence([evidence(line)], null);

    expect(search(lines).map(({ text }) => text)).toContain(
      '1024 worker_connections are not enough',
    );
  });

  // These never ended: the time doubled with every digit, and with every option.
  it('reads a name of digits and a command of options in no time', () => {
    expect(appOfFile(`web.${'1'.repeat(200)}_`)).not.toBe('web');
    const command = evidence(`helm install${' --atomic'.repeat(200)} 1`);

    expect(analyse([command]).verdict).toBe('insufficient-evidence');
  });

  it('is done with a table whose rows are cut to nothing', () => {
    const table = evidence(
      'CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\na2e\nCON\n10.0.0.1 - - "GET / HTTP/1.1" 200 1',
    );

    expect(analyse([table]).verdict).toBe('insufficient-evidence');
  });

  it('looks through a line of megabytes around its literals only', () => {
    const pattern = /connection refused|(?<host>[\w.-]+) could not be resolved/i;
    const literals = ['connection refused', ' could not be resolved'];
    const prefilter = compilePrefilter(toPortable([{ pattern, literals }]), 10);
    const line = `${'a'.repeat(1_000_000)} connection refused ${'a'.repeat(1_000_000)}`;

    expect(matchLine(prefilter, line)).toEqual({ pattern: 0, at: 1_000_001 });
  });

  it('takes the number of a name off, however long the name', () => {
    expect(normaliseLine('error in web-12, retry')).toBe('error in web-<pod>, retry');
    expect(normaliseLine(`error ${'a'.repeat(300)}-12 x`)).toBe(`error ${'a'.repeat(300)}-<pod> x`);
    expect(fingerprintOf(evidence('error web-1'))).toBe(fingerprintOf(evidence('error web-2')));
  });

  it.each([
    String.raw`{"kind":"Secret","data":{"password":"aHVudGVyMg=="}}`,
    String.raw`{"log":"{\"kind\":\"Secret\",\"data\":{\"password\":\"aHVudGVyMg==\"}}"}`,
    String.raw`{"log":"{\\\"kind\\\":\\\"Secret\\\",\\\"data\\\":{\\\"password\\\":\\\"aHVudGVyMg==\\\"}}"}`,
    String.raw`{"log":"{\"name\":\"DB_PASSWORD\",\"value\":\"aHVudGVyMg==\"}"}`,
  ])('masks a secret in JSON however often it is escaped: %s', (line) => {
    expect(maskText(line)).not.toContain('aHVudGVyMg');
  });
});
