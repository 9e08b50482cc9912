import { describe, expect, it } from 'vitest';
import { flattenJson } from '../../../../src/playbooks/read/jsonLine';

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
    [{ PRIORITY: '6', MESSAGE: 'ok' }, 'info'],
    [{ SeverityText: 'ERROR', Body: 'full' }, 'error'],
    [{ status: 'error', message: 'full' }, 'error'],
    [{ status: 503, message: 'full' }, null],
  ])('has the level of %j', (fields, level) => {
    expect(read(fields)?.level).toBe(level);
  });
});
