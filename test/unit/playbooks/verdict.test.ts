import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/playbooks/analyse';
import { wilson } from '../../evals/lib/share';
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
  ])('is quiet: %s', (text) => {
    expect(analyse([evidence(text)]).verdict).toBe('no-incident');
  });
});

describe('a program that ends again and again', () => {
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
