import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestContext } from 'vitest';

import { login } from '../../harness/login';
import { need } from '../mcp/prerequisite';
import { keptLogin, tagsOf } from './asking';
import { missingRegistry, RealRegistry } from './realRegistry';
import { identity, tokenServer } from './tokenServer';

vi.setConfig({ testTimeout: 60_000 });

let missing: string | null = null;
beforeAll(async () => {
  missing = await missingRegistry();
});

const images = { 'team/shop': ['1.4.1', '1.4.2', 'v1.5.0'], other: ['1'] };
const listed = { kind: 'listed', tags: ['1.4.1', '1.4.2', 'v1.5.0'], isComplete: true };
const start = async (context: TestContext, ...door: Parameters<RealRegistry['open']>) => {
  need(context, missing);
  return await RealRegistry.start(images, ...door);
};

describe('a real registry', () => {
  it('lists the tags of an image to everybody', async (context) => {
    await using registry = await start(context);
    expect(await tagsOf(registry.address, 'team/shop')).toEqual(listed);
  });

  it('is known by the name of this machine too', async (context) => {
    await using registry = await start(context);
    const address = registry.address.replace('127.0.0.1', 'localhost');
    expect(await tagsOf(address, 'team/shop')).toEqual(listed);
  });

  it('knows no such image', async (context) => {
    await using registry = await start(context);
    expect(await tagsOf(registry.address, 'team/shpo')).toEqual({
      kind: 'unheard',
      why: 'it knows no image team/shpo, or shows it to others only (404)',
    });
  });

  it('that went away is not reached', async (context) => {
    await using registry = await start(context);
    await registry.goAway();
    expect(await tagsOf(registry.address, 'team/shop')).toEqual({
      kind: 'unheard',
      why: `${registry.address} cannot be reached (ECONNREFUSED)`,
    });
  });

  describe('with a password', () => {
    it('takes the login that docker kept for it', async (context) => {
      await using registry = await start(context, { kind: 'password' });
      const docker = keptLogin(registry.address, login.user, login.password);
      expect(await tagsOf(registry.address, 'team/shop', docker)).toEqual(listed);
    });

    it('takes the login of the helper that is named for it, which is asked as docker asks', async (context) => {
      await using registry = await start(context, { kind: 'password' });
      const given = JSON.stringify({ Username: login.user, Secret: login.password });
      const script = `[ "$1" = get ] && [ "$(cat)" = "${registry.address}" ] && echo '${given}'`;
      const docker = {
        config: { credHelpers: { [registry.address]: 'test' }, credsStore: 'another' },
        programs: { 'docker-credential-test': script, 'docker-credential-another': 'exit 1' },
      };
      expect(await tagsOf(registry.address, 'team/shop', docker)).toEqual(listed);
    });

    it('without a login says where to get one', async (context) => {
      await using registry = await start(context, { kind: 'password' });
      expect(await tagsOf(registry.address, 'team/shop')).toEqual({
        kind: 'unheard',
        why: `it wants a login (401): run \`docker login ${registry.address}\``,
      });
    });

    it('is not shown the login of another, and says so of a wrong one', async (context) => {
      await using registry = await start(context, { kind: 'password' });
      const other = keptLogin('r.example', login.user, login.password);
      expect(await tagsOf(registry.address, 'team/shop', other)).toMatchObject({
        why: expect.stringContaining('it wants a login (401)') as string,
      });
      const wrong = keptLogin(registry.address, login.user, 'guessed');
      expect(await tagsOf(registry.address, 'team/shop', wrong)).toEqual({
        kind: 'unheard',
        why: 'it does not take the login of your docker settings (401)',
      });
    });
  });

  describe('with a token server, whose tokens it checks', () => {
    const scope = 'repository:team/shop:pull';

    it('is asked with a token for this image alone, without a login', async (context) => {
      await using tokens = await tokenServer('everybody');
      await using registry = await start(context, { kind: 'token', ...tokens });
      expect(await tagsOf(registry.address, 'team/shop')).toEqual(listed);
      const [{ query, authorization } = {}] = tokens.asked;
      expect(tokens.asked).toHaveLength(1);
      expect(query?.get('scope')).toBe(scope);
      expect(query?.get('service')).toBe('registry');
      expect(authorization).toBeUndefined();
    });

    it('is asked with the token that the login buys', async (context) => {
      await using tokens = await tokenServer('known');
      await using registry = await start(context, { kind: 'token', ...tokens });
      const docker = keptLogin(registry.address, login.user, login.password);
      expect(await tagsOf(registry.address, 'team/shop', docker)).toEqual(listed);
      const wrong = keptLogin(registry.address, login.user, 'guessed');
      const { host } = new URL(tokens.realm);
      expect(await tagsOf(registry.address, 'team/shop', wrong)).toEqual({
        kind: 'unheard',
        why: `${host} does not take the login of your docker settings (401)`,
      });
      expect(await tagsOf(registry.address, 'team/shop')).toEqual({
        kind: 'unheard',
        why: `${host} gives no token (401)`,
      });
    });

    it('is asked with the token that an identity token is traded for', async (context) => {
      await using tokens = await tokenServer('known');
      await using registry = await start(context, { kind: 'token', ...tokens });
      const auths = { [registry.address]: { identitytoken: identity } };
      expect(await tagsOf(registry.address, 'team/shop', { config: { auths } })).toEqual(listed);
      expect(tokens.asked[0]).toMatchObject({ method: 'POST', authorization: undefined });
      expect(tokens.asked[0]?.query.get('scope')).toBe(scope);
    });
  });
});
