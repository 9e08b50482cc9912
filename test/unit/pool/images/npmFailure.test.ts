import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../../src/base/errors';
import { npmFailure } from '../../../../src/pool/images/npm/npmFailure';

const coded = (code: string, message = 'x', cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { code });

describe('what is said when npm fails', () => {
  it.each([
    ['E401', /npm login/],
    ['E404', /no such version/],
    ['EINTEGRITY', /not what was pinned/],
    ['ENOSPC', /make room/],
    ['EALLOWGIT', /outside the npm registry/],
    ['ECONNREFUSED', /check the network and the proxy/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /cafile/],
  ])('%s', (code, said) => {
    expect(npmFailure(coded(code), 'server@1.0.0')).toMatch(said);
  });

  it('finds the reason below', () => {
    const error = new Error('request failed', { cause: coded('ENOTFOUND') });
    expect(npmFailure(error, 'server@1.0.0')).toMatch(/could not be reached/);
  });

  it('keeps a sentence of ours', () => {
    expect(npmFailure(new WarRoomError('image-failed', 'As it is.'), 'x')).toBe('As it is.');
  });

  it('shows no address, which may hold a password', () => {
    const message = 'request to http://sam:hunter2@registry.example/server failed, reason: odd';
    const said = npmFailure(coded('EODD', message), 'server@1.0.0');
    expect(said).toBe('server@1.0.0 was not fetched: request to the registry failed, reason: odd.');
  });
});
