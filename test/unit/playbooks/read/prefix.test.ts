import { describe, expect, it } from 'vitest';
import { stripPrefix } from '../../../../src/playbooks/read/prefix';

const pod = 'crates-6c9d8b7f5d-q4x2m';
const task = '4f0c9d2b7a6e4f31b5c8d7e6f5a4b3c2';

describe('stripPrefix', () => {
  it.each([
    ['kubectl', `[pod/${pod}/crates] full`, pod, 'crates'],
    ['kubetail', `[${pod}] full`, pod, null],
    ['kubetail with a container', `[${pod} sidecar] full`, pod, 'sidecar'],
    ['stern', `${pod} crates full`, pod, 'crates'],
    ['stern over namespaces', `depot ${pod} crates full`, pod, 'crates'],
    ['compose', 'crates-2  | full', 'crates', null],
    ['pm2', '3|crates   | full', 'crates', null],
    ['Swarm', 'depot_crates.2.k3x9wq7m4n8p@host-1    | full', 'depot_crates.2', null],
    ['Cloud Foundry', '   2026-03-04T05:06:07.08+0000 [APP/PROC/WEB/0] ERR full', null, null],
    ['a drain', '2026-03-04T05:06:07Z acme.depot.crates [APP/PROC/WEB/0] OUT full', 'crates', null],
    ['Heroku', '2026-03-04T05:06:07.080900+00:00 app[packer.2]: full', null, 'packer'],
    ['CloudWatch', '2026-03-04T05:06:07.080Z /aws/lambda/crates full', 'crates', null],
    ['CloudWatch for a database', '/aws/rds/instance/crates-db/postgresql full', 'crates-db', null],
    ['CloudWatch for a cluster', '/aws/containerinsights/depot/application full', null, null],
    ['ECS', `2026-03-04T05:06:07.080Z depot/crates/${task} full`, 'crates', null],
    ['Loki', '2026-03-04 05:06:07.080 {env="x", app="crates", pod="y"} full', 'crates', null],
    ['RFC 5424', '<11>1 2026-03-04T05:06:07Z host-1 crates 71 - - full', null, 'crates'],
    ['syslog', 'Mar  4 05:06:07 host-1 crates[71]: full', null, 'crates[71]'],
    ['Turborepo', 'crates:build: full', 'crates', null],
  ])('takes off what %s puts before a line', (_name, text, writer, process) => {
    expect(stripPrefix(text)).toMatchObject({ rest: 'full', writer, process });
  });

  it.each([
    '2026-03-04 05:06:07 | ERROR | depot is full',
    'ERROR | depot is full',
    '2026-03-04T05:06:07Z ERROR depot: full',
    'GET /ecs/crates 200',
    'depot crates full',
    'error:build: depot is full',
  ])('leaves a program’s own columns: %s', (text) => {
    expect(stripPrefix(text).writer).toBeNull();
  });

  it('takes no name in brackets for a host, and no level for its program', () => {
    const text = '[crates] FATAL: depot is full';
    expect(stripPrefix(`2026-03-04T05:06:07Z ${text}`)).toMatchObject({ process: null });
    expect(stripPrefix('2026-03-04T05:06:07Z host-1 ERROR: full')).toMatchObject({ process: null });
  });

  it.each([
    ['pm2', '3|crates   | full', '3'],
    ['compose', 'crates-2  | full', '2'],
    ['Loki', '2026-03-04 05:06:07 {pod="crates-0", app="crates"} full', 'crates-0'],
    ['ECS', `depot/crates/${task} full`, task],
    ['Lambda', '/aws/lambda/crates full', null],
  ])('tells the replicas of %s apart', (_name, text, instance) => {
    expect(stripPrefix(text)).toMatchObject({ writer: 'crates', instance });
  });
});
