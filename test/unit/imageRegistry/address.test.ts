import { describe, expect, it } from 'vitest';

import { baseOf, mayLead } from '../../../src/imageRegistry/address';

describe('the address of a registry', () => {
  it.each([
    ['docker.io', 'https://registry-1.docker.io/'],
    ['r.example', 'https://r.example/'],
    ['r.example:5000', 'https://r.example:5000/'],
    ['10.0.0.7:5000', 'https://10.0.0.7:5000/'],
    ['localhost:5000', 'http://localhost:5000/'],
    ['127.0.0.1:5000', 'http://127.0.0.1:5000/'],
    ['127.9.9.9', 'http://127.9.9.9/'],
    ['127.1:80', 'http://127.0.0.1/'],
    ['0x7f.1:5000', 'http://127.0.0.1:5000/'],
    ['[::1]:5000', 'http://[::1]:5000/'],
    ['[::ffff:127.0.0.1]:5000', 'http://[::ffff:7f00:1]:5000/'],
    // Names of this machine that are not its own by definition want a good certificate.
    ['localhost.example', 'https://localhost.example/'],
    ['shop.localhost', 'https://shop.localhost/'],
  ])('%s is %s', (registry, url) => {
    expect(baseOf(registry).href).toBe(url);
  });

  it.each([
    ['169.254.169.254', 'cloud metadata'],
    ['169.254.169.254:80', 'its port'],
    ['0xa9fea9fe', 'written as one number'],
    ['2852039166', 'in decimals'],
    ['[::ffff:169.254.169.254]', 'mapped'],
    ['[fe80::1]', 'link-local'],
    ['0.0.0.0:5000', 'this machine by another name'],
    ['[::]:5000', 'the same'],
    ['224.0.0.1', 'many machines'],
    ['255.255.255.255', 'all machines'],
  ])('%s is never asked (%s)', (registry) => {
    expect(() => baseOf(registry)).toThrow(/no registry is at such an address/);
  });

  it.each(['a b', 'r.example:99999', '[::zz]', '300.1.1.1'])('%s is none', (registry) => {
    expect(() => baseOf(registry)).toThrow(/no address/);
  });
});

describe('where an answer may lead', () => {
  const far = new URL('https://r.example/v2/');
  const here = new URL('http://127.0.0.1:5000/v2/');
  it.each([
    [far, 'https://tokens.example/', true],
    [far, 'http://tokens.example/', false],
    [far, 'https://127.0.0.1/', false],
    [far, 'https://localhost:2375/', false],
    [far, 'https://[::1]/', false],
    [far, 'https://169.254.169.254/', false],
    [far, 'https://somebody@tokens.example/', false],
    [far, 'file:///etc/passwd', false],
    [far, 'data:application/json,{}', false],
    [here, 'http://localhost:7000/', true],
    [here, 'https://tokens.example/', true],
    [here, 'http://tokens.example/', false],
    [here, 'http://169.254.169.254/', false],
    [here, 'file://localhost/etc/passwd', false],
  ])('from %s to %s: %s', (from, to, may) => {
    expect(mayLead(from, new URL(to))).toBe(may);
  });
});
