import { describe, expect, it } from 'vitest';

import { addressed, asContainerSees } from '../../../../../src/pool/runtimes/docker/hostAddresses';

describe('an address as a container is to see it', () => {
  it.for([
    ['localhost', 'host.docker.internal'],
    ['127.0.0.1:6379', 'host.docker.internal:6379'],
    ['127.1.2.3', 'host.docker.internal'],
    ['redis://localhost:6379/0', 'redis://host.docker.internal:6379/0'],
    ['http://LOCALHOST/', 'http://host.docker.internal/'],
    ['http://[::1]:9090', 'http://host.docker.internal:9090'],
    ['postgres://sam:pw@localhost/blog', 'postgres://sam:pw@host.docker.internal/blog'],
    ['a:9092,localhost:9092', 'a:9092,host.docker.internal:9092'],
    ['{"server":"https://127.0.0.1:6443"}', '{"server":"https://host.docker.internal:6443"}'],
    [
      'server: https://127.0.0.1:6443\nuser: x',
      'server: https://host.docker.internal:6443\nuser: x',
    ],
    ['host=localhost port=5432', 'host=host.docker.internal port=5432'],
    ['http://0.0.0.0:8080', 'http://host.docker.internal:8080'],
  ] as const)('%s is %s', ([value, expected]) => {
    expect(addressed(value)).toBe(expected);
  });

  it.for([
    'redis://cache.prod:6379',
    'http://localhost.example.com',
    'http://my-localhost:80',
    'redis://:localhost@cache:6379',
    'v127.0.0.1',
    '10.127.0.0.1',
    '1127.0.0.1',
    'notlocalhost',
    'localhosts',
    '',
  ])('%s stays', (value) => {
    expect(addressed(value)).toBe(value);
  });
});

describe('a request as its container sees it', () => {
  const sees = (hosts: string[], args: string[], environment: Record<string, string>) =>
    asContainerSees({
      spec: {
        ...{ name: 'redis', program: { kind: 'oci', image: 'x' }, state: 'none' },
        ...{ hosts, args, environment: ['REDIS_URL'] },
      },
      environment,
      onErrorLine: () => undefined,
    });

  it('means the machine in values and arguments', () => {
    const args = ['--url', 'localhost:1', '--at=${REDIS_URL}'];
    const view = sees(['${REDIS_URL}'], args, { REDIS_URL: '127.0.0.1' });
    expect(view.environment).toEqual({ REDIS_URL: 'host.docker.internal' });
    const host = 'host.docker.internal';
    expect(view.args).toEqual(['--url', `${host}:1`, `--at=${host}`]);
    expect(view.request.spec.args).toEqual(args);
    expect(view.hostName).toBe('host.docker.internal');
  });

  it('has only what is declared', () => {
    expect(sees(['x:1'], [], { REDIS_URL: 'x', TOKEN: 'y' }).environment).toEqual({
      REDIS_URL: 'x',
    });
  });

  it('needs no name for the machine when it does not mean it, or reaches nothing', () => {
    expect(sees(['cache:6379'], [], { REDIS_URL: 'redis://cache' }).hostName).toBeNull();
    expect(sees([], [], { REDIS_URL: 'localhost' }).hostName).toBeNull();
  });
});
