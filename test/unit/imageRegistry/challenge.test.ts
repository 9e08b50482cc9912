import { expect, it } from 'vitest';

import { challengesIn } from '../../../src/imageRegistry/challenge';

it.each([
  ['Basic', [{ scheme: 'basic', parameters: {} }]],
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"',
    [
      {
        scheme: 'bearer',
        parameters: {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:a/b:pull',
        },
      },
    ],
  ],
  [
    'BASIC Realm="a, \\"b\\" = c" , Bearer  realm = https://t.example/token',
    [
      { scheme: 'basic', parameters: { realm: 'a, "b" = c' } },
      { scheme: 'bearer', parameters: { realm: 'https://t.example/token' } },
    ],
  ],
  ['realm="nobody\'s"', []],
  [
    '"unfinished Bearer',
    [
      { scheme: 'unfinished', parameters: {} },
      { scheme: 'bearer', parameters: {} },
    ],
  ],
  ['', []],
])('%s', (header, challenges) => {
  expect(challengesIn(header)).toEqual(challenges);
});
