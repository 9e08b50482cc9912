import { describe, expect, it } from 'vitest';

import { fullName, parseRepository } from '../../../src/remediation/imageReference';

const sha = `sha256:${'a'.repeat(64)}`;

describe('an image’s reference', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx'],
    ['nginx:1.25', 'docker.io/library/nginx'],
    ['docker.io/nginx', 'docker.io/library/nginx'],
    ['index.docker.io/library/nginx:1', 'docker.io/library/nginx'],
    ['team/shop:1.0', 'docker.io/team/shop'],
    ['r.example/shop', 'r.example/shop'],
    ['R.Example/shop:1', 'r.example/shop'],
    ['r.example:5000/team/shop:v1', 'r.example:5000/team/shop'],
    ['localhost/shop', 'localhost/shop'],
    ['localhost:5000/shop:1.0', 'localhost:5000/shop'],
    ['[::1]:5000/shop:1', '[::1]:5000/shop'],
    [`r.example/shop:1.0@${sha}`, 'r.example/shop'],
    [`r.example/shop@${sha}`, 'r.example/shop'],
    ['r.example/a__b/c--d.e', 'r.example/a__b/c--d.e'],
  ])('%s is of %s', (reference, name) => {
    const found = parseRepository(reference);
    expect(found && fullName(found)).toBe(name);
  });

  it.each([
    '',
    '/',
    'r.example/',
    '../../etc/passwd',
    'r.example/../admin',
    'r.example/./shop',
    'r.example//shop',
    'r.example/Shop',
    'r.example/shop?n=1',
    'r.example/shop#x',
    'r.example/shop%2f..',
    'r.example/sh op',
    'r.example/shöp',
    'r.еxample/shop',
    'user:password@r.example/shop:1',
    'user@r.example/shop',
    'https://r.example/shop',
    'r.example:port/shop',
    'r.example\\@169.254.169.254/shop',
    '-r.example/shop',
    'r.example./shop',
    '{{ .Values.image }}',
    `r.example/${'a'.repeat(256)}`,
    'r.example/shop@latest',
  ])('%s is none', (reference) => {
    expect(parseRepository(reference)).toBeUndefined();
  });
});
