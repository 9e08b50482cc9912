import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/playbooks/analyse';
import { wilson } from '../../../src/evals/share';
import { evidence } from './evidence';

describe('without signs of failure or of health', () => {
  it.each([
    'something odd',
    'why is checkout slow?',
    'Error: something went wrong',
    'ERROR 7121 frobnication of the gribble did not work out',
    'WARN request timed out after 5000 ms\nWARN request timed out after 5000 ms\nWARN request timed out after 5000 ms',
    'INFO GET /cart 200 12ms\nINFO GET /cart 504 5003ms\nINFO GET /cart 504 5002ms',
  ])('abstains and says what to collect: %s', (text) => {
    const analysis = analyse([evidence(text)]);
    expect(analysis.verdict).toBe('insufficient-evidence');
    expect(analysis.missing.length).toBeGreaterThan(0);
  });

  it('abstains on the sample of requests that time out', async () => {
    const file = path.resolve(
      import.meta.dirname,
      '../../../media/sample/logs/payments-timeout.log',
    );
    const analysis = analyse([evidence(await readFile(file, 'utf8'))]);
    expect(analysis.verdict).toBe('insufficient-evidence');
    expect(analysis.missing.length).toBeGreaterThan(0);
  });
});

describe('with signs of health', () => {
  it.each([
    'INFO listening on port 8080',
    'GET /cart HTTP/1.1" 200 512',
    'INFO a\nINFO b\nINFO c',
    'NAME                        READY   STATUS    RESTARTS   AGE\ncheckout-7d9f8c6b5d-x2x9z   1/1     Running   0          40h',
    'WARN connection lost, retry 1\nINFO retry succeeded',
    `${'ERROR queue poll failed: connect ECONNREFUSED 10.0.6.5:6379\n'.repeat(3)}${'INFO delivered welcome.eml (7 sent)\n'.repeat(5)}`,
    `${'[error] connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.0.0.4:80/"\n'.repeat(2)}${'"GET /p/1 HTTP/1.1" 200 23\n'.repeat(10)}`,
    '1:S 21 Nov 2026 14:56:57.433 # Error condition on socket for SYNC: Connection refused\n1:S 21 Nov 2026 14:56:58.433 * Connecting to MASTER db:6379\n1:S 21 Nov 2026 14:56:58.434 * MASTER <-> REPLICA sync: Finished with success\n1:S 21 Nov 2026 14:56:59.434 * Background saving terminated with success',
    'Setting up error-reporter (2.1.4) ...\ndebconf: unable to initialize frontend: Dialog\ndebconf: (TERM is not set, so the dialog frontend is not usable.)\nfinished',
    'ID   NAME           IMAGE   NODE     DESIRED STATE   CURRENT STATE           ERROR\na1   shop.1         s:2     node-1   Running         Running 2 minutes ago\na2    \\_ shop.1     s:1     node-1   Shutdown        Failed 2 minutes ago    "task: non-zero exit (1)"',
  ])('is quiet: %s', (text) => {
    expect(analyse([evidence(text)]).verdict).toBe('no-incident');
  });
});

describe('a failure that is over', () => {
  const failed = 'ERROR queue poll failed: connect ECONNREFUSED 10.0.6.5:6379\n'.repeat(3);

  it.each([
    [
      'a request failed of it',
      `${failed}INFO GET /cart 500 5ms\n${'INFO delivered a\n'.repeat(9)}`,
    ],
    ['only health checks went well since', `${failed}${'INFO GET /healthz 200 1ms\n'.repeat(9)}`],
    ['it works less than it complained', `${failed.repeat(3)}${'INFO delivered a\n'.repeat(5)}`],
    ['it fails again at the end', `${failed}${'INFO delivered a\n'.repeat(9)}${failed}`],
  ])('is none where %s', (_, text) => {
    expect(analyse([evidence(text.trimEnd())]).verdict).not.toBe('no-incident');
  });
});

describe('a program that ends again and again', () => {
  it('is none where the workers of one program start together and serve', () => {
    const start = 'INFO blog 3.2.0 starting\n'.repeat(2);
    const text = `${start}${'INFO GET /a 200 1ms\n'.repeat(4)}${start}${'INFO GET /a 200 1ms\n'.repeat(6)}`;
    expect(analyse([evidence(text.trimEnd())]).verdict).toBe('no-incident');
  });

  it('is a loop, whoever restarts it', () => {
    const lines = ['exited with code 1', 'exited with code 1', 'exited with code 1'];
    const analysis = analyse([evidence(lines.map((line) => `mailer-1 ${line}`).join('\n'))]);
    expect(analysis.category).toBe('crash-loop');
    expect(analysis.facts.app?.value).toBe('mailer');
  });
});

describe('wilson', () => {
  it('stays within 0 and 1 and is wider for few cases', () => {
    expect(wilson(3, 3).high).toBe(1);
    expect(wilson(3, 3).low).toBeCloseTo(0.438, 3);
    expect(wilson(90, 100).low).toBeCloseTo(0.826, 3);
    expect(wilson(0, 5).low).toBe(0);
  });
});
