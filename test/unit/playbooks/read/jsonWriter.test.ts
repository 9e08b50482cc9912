import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { flattenJson } from '../../../../src/playbooks/read/jsonLine';
import { readLogLine } from '../../../../src/playbooks/read/logLine';
import { evidence } from '../evidence';

const read = (fields: unknown): ReturnType<typeof flattenJson> =>
  flattenJson(JSON.stringify(fields));

describe('the writer of a line of JSON', () => {
  it.each([
    [{ service: { name: 'crates' }, message: 'full' }],
    [{ 'service.name': 'crates', message: 'full' }],
    [{ Body: 'full', Resource: { 'service.name': 'crates' } }],
    [
      {
        body: { stringValue: 'full' },
        resource: {
          attributes: [
            { key: 'host.name', value: { stringValue: 'host-1' } },
            { key: 'service.name', value: { stringValue: 'crates' } },
          ],
        },
      },
    ],
    [{ log: 'full', kubernetes: { labels: { 'app.kubernetes.io/name': 'crates' } } }],
    [{ textPayload: 'full', resource: { labels: { service_name: 'crates', location: 'x' } } }],
    [{ jsonPayload: { message: 'full' }, labels: { 'k8s-pod/app': 'crates' } }],
    [{ ContainerAppName_s: 'crates', Log_s: 'full' }],
    [{ SYSLOG_IDENTIFIER: 'crates', MESSAGE: 'full' }],
  ])('is told by %j', (fields) => {
    const line = read(fields);
    expect(line?.writer).toBe('crates');
    expect(line?.message).toMatch(/^full/);
  });

  it.each([
    [{ PRIORITY: '3', MESSAGE: 'full' }, 'error'],
    [{ PRIORITY: '7', MESSAGE: 'full' }, 'debug'],
    // What collectors give whatever a program prints says nothing of the line.
    [{ PRIORITY: '6', MESSAGE: 'full' }, null],
    [{ PRIORITY: '6', MESSAGE: '2026-03-04T05:06:07Z ERROR full' }, 'error'],
    [{ status: 'info', message: 'Error: full' }, 'error'],
    [{ severity: 'INFO', textPayload: 'FATAL: full' }, 'fatal'],
    [{ severity: 'INFO', message: 'Error: full' }, 'info'],
    [{ SeverityText: 'ERROR', Body: 'full' }, 'error'],
    [{ status: 'error', message: 'full' }, 'error'],
    [{ status: 503, message: 'full' }, null],
  ])('has the level of %j', (fields, level) => {
    expect(readLogLine({ number: 1, text: JSON.stringify(fields) }, 'app.log', 0).level).toBe(
      level,
    );
  });

  it('is no function of its code', () => {
    expect(read({ functionName: 'packBox', message: 'full' })?.writer).toBeNull();
  });
});

describe('the message of a line of JSON', () => {
  it('is not what the program was given, where it has one of its own', () => {
    expect(read({ level: 'info', msg: 'note stored', body: 'full' })?.message).toBe('note stored');
    expect(read({ level: 'info', msg: 'note sent', Message: 'full' })?.message).toBe('note sent');
    expect(read({ level: 'info', Body: 'full' })?.message).toBe('full');
  });
});

const analysed = (lines: readonly unknown[]): ReturnType<typeof analyse> =>
  analyse([evidence(lines.map((line) => JSON.stringify(line)).join('\n'))]);

describe('JSON of collectors', () => {
  const refused = 'FATAL:  password authentication failed for user "crates"';
  it.each([
    ['journald', { PRIORITY: '6', SYSLOG_IDENTIFIER: 'crates', MESSAGE: refused }],
    ['Datadog', { status: 'info', service: 'crates', message: refused }],
    [
      'Cloud Logging',
      { severity: 'INFO', textPayload: refused, resource: { labels: { service_name: 'crates' } } },
    ],
  ])('of %s hides no failure behind the level of all that is printed', (_name, line) => {
    const analysis = analysed(Array.from({ length: 5 }, () => line));
    expect(analysis.category).toBe('database-auth');
    expect(analysis.facts.app?.value).toBe('crates');
  });

  it('tells of no failure that was only sent to a program', () => {
    const note = { level: 'info', msg: 'POST /notes 201', body: 'CrashLoopBackOff, OOMKilled' };
    expect(analysed(Array.from({ length: 9 }, () => note)).verdict).toBe('no-incident');
  });
});
