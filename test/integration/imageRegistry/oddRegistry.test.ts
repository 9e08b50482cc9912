import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, it, vi } from 'vitest';

import { listLimits } from '../../../src/imageRegistry/tagLists';
import { login } from '../../harness/login';
import { temporaryFolder } from '../../harness/temporary';
import { waitFor } from '../../harness/wait';
import { isAlive } from '../pool/grounds';
import { keptLogin, tagsOf } from './asking';
import { fakeRegistry, sendError, sendTags } from './fakeRegistry';

vi.setConfig({ testTimeout: 60_000 });

const list = '/v2/shop/tags/list';
const basic = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
const keptFor = (registry: string) => keptLogin(registry, login.user, login.password);
const askBasic = { 'www-authenticate': 'Basic realm="images"' };
/** Lets nobody see a thing who does not show the login. */
const guarded =
  (then: (request: IncomingMessage, response: ServerResponse) => void) =>
  (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers.authorization === basic) then(request, response);
    else sendError(response, 401, 'UNAUTHORIZED', askBasic);
  };

describe('what a registry refuses is told apart', () => {
  it.each<[status: number, code: string, why: string]>([
    [401, 'UNAUTHORIZED', 'it wants a login (401)'],
    [403, 'DENIED', 'it does not let you see this image (403)'],
    [404, 'NAME_UNKNOWN', 'it knows no image shop, or shows it to others only (404)'],
    [404, 'NOT_FOUND', 'it lists no tags (404)'],
    [429, 'TOOMANYREQUESTS', 'it wants fewer questions for now (429)'],
    [503, 'UNAVAILABLE', 'it answered 503'],
  ])('%i %s', async (status, code, why) => {
    await using registry = await fakeRegistry((_, response) => sendError(response, status, code));
    const answer = await tagsOf(registry.address, 'shop');
    expect(answer).toMatchObject({ kind: 'unheard', why: expect.stringContaining(why) as string });
  });

  it.each<[what: string, body: string, why: string]>([
    ['a page of HTML', '<html>Sign in</html>', 'its answer is not JSON'],
    ['another shape', '{"tags": "latest"}', 'its answer is no list of tags'],
    ['more than is read', ' '.repeat(listLimits.pageBytes + 1), 'its answer is larger than 2 MiB'],
  ])('%s', async (_, body, why) => {
    await using registry = await fakeRegistry((__, response) => response.end(body));
    expect(await tagsOf(registry.address, 'shop')).toEqual({ kind: 'unheard', why });
  });

  it('what only becomes too much when it is unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(64 * 2 ** 20, ' '));
    await using registry = await fakeRegistry((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    );
    const why = 'its answer is larger than 2 MiB';
    expect(await tagsOf(registry.address, 'shop')).toEqual({ kind: 'unheard', why });
  });

  it('an address that no registry has', async () => {
    expect(await tagsOf('169.254.169.254', 'shop')).toEqual({
      kind: 'unheard',
      why: 'no registry is at such an address, so it was not asked',
    });
  });

  it('what is no tag is no tag', async () => {
    await using registry = await fakeRegistry((_, response) =>
      sendTags(response, [
        '1.0',
        '',
        '-x',
        'a b',
        '\u001b[31m',
        '"\nkey: value',
        'é',
        'x'.repeat(129),
      ]),
    );
    const answer = await tagsOf(registry.address, 'shop');
    expect(answer).toEqual({ kind: 'listed', tags: ['1.0'], isComplete: true });
  });
});

describe('every question ends', () => {
  it.each<[what: string, answer: (request: IncomingMessage, response: ServerResponse) => void]>([
    ['a registry that says nothing', () => undefined],
    ['one that stops in its answer', (_, response) => response.write('{"tags": [')],
  ])('%s', async (_, answer) => {
    await using registry = await fakeRegistry(answer);
    const said = await tagsOf(registry.address, 'shop', {}, { deadlineMs: 300 });
    expect(said).toEqual({ kind: 'unheard', why: 'it did not answer within 0.3 s' });
  });

  it('a helper for the login that never answers', async () => {
    await using registry = await fakeRegistry(guarded((_, response) => sendTags(response, ['1'])));
    await using folder = await temporaryFolder('helper');
    const file = join(folder.path, 'pid');
    // It does not go when it is asked to.
    const stuck = `trap '' TERM; echo $$ >${file}; while :; do sleep 0.2; done`;
    const docker = {
      config: { credsStore: 'stuck' },
      programs: { 'docker-credential-stuck': stuck },
    };
    const said = await tagsOf(registry.address, 'shop', docker, { deadlineMs: 1_000 });
    expect(said).toEqual({ kind: 'unheard', why: 'it did not answer within 1 s' });
    const helper = Number(await readFile(file, 'utf8'));
    await waitFor('the helper to be gone', () => !isAlive(helper));
  });

  it('with the diagnosis that is cancelled', async () => {
    const cancel = new AbortController();
    await using registry = await fakeRegistry(() => cancel.abort());
    const { signal } = cancel;
    await expect(tagsOf(registry.address, 'shop', {}, { signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

describe('a list of several pages', () => {
  it('is read to its end', async () => {
    await using registry = await fakeRegistry(({ url = '' }, response) =>
      url.includes('last=2')
        ? sendTags(response, ['3'])
        : sendTags(response, ['1', '2'], `<${list}?last=2&n=2>; rel="next"`),
    );
    const answer = await tagsOf(registry.address, 'shop');
    expect(answer).toEqual({ kind: 'listed', tags: ['1', '2', '3'], isComplete: true });
    expect(registry.seen[0]?.url).toBe(`${list}?n=${listLimits.pageSize}`);
  });

  it('without an end is read so far, and never taken for all', async () => {
    let page = 0;
    await using registry = await fakeRegistry((_, response) => {
      page++;
      sendTags(response, [`1.${page}`], `<${list}?last=1.${page}>; rel="next"`);
    });
    const answer = await tagsOf(registry.address, 'shop');
    expect(answer).toMatchObject({ kind: 'listed', isComplete: false });
    expect(registry.seen).toHaveLength(listLimits.pages);
  });

  it.each([
    ['another host', () => '<https://elsewhere.example/v2/shop/tags/list?last=1>; rel="next"'],
    ['another port', (own: string) => `<http://${own.replace(/\d+$/, '1')}${list}>; rel="next"`],
    ['another list', () => '</v2/secret/tags/list>; rel="next"'],
    ['itself', () => `<${list}?n=${listLimits.pageSize}>; rel=next`],
    ['a file', () => '<file:///etc/passwd>; rel="next"'],
    ['nowhere', () => 'next'],
  ])('that leads to %s is not followed, and not taken for all', async (_, link) => {
    let own = '';
    await using registry = await fakeRegistry((__, response) =>
      sendTags(response, ['1'], link(own)),
    );
    own = registry.address;
    const answer = await tagsOf(registry.address, 'shop');
    expect(answer).toEqual({ kind: 'listed', tags: ['1'], isComplete: false });
    expect(registry.seen).toHaveLength(1);
  });
});

describe('a login goes to the registry that it is for', () => {
  it('and not along with a redirect, not even back', async () => {
    await using other = await fakeRegistry(({ url }, response) =>
      response.writeHead(307, { location: `http://${registry.address}${url}&back=1` }).end(),
    );
    await using registry = await fakeRegistry(
      guarded(({ url = '' }, response) =>
        response.writeHead(307, { location: `http://${other.address}${url}` }).end(),
      ),
    );
    const answer = await tagsOf(registry.address, 'shop', keptFor(registry.address));
    expect(answer.kind).toBe('unheard');
    expect(registry.seen.map(({ authorization }) => authorization)).toEqual([
      undefined,
      basic,
      undefined,
    ]);
    expect(other.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it('but the tags of where it sends on to are taken', async () => {
    await using other = await fakeRegistry((_, response) => sendTags(response, ['1']));
    await using registry = await fakeRegistry((_, response) =>
      response.writeHead(307, { location: `http://${other.address}${list}` }).end(),
    );
    const answer = await tagsOf(registry.address, 'shop');
    expect(answer).toEqual({ kind: 'listed', tags: ['1'], isComplete: true });
  });

  it('and what it sends on to may not ask for it', async () => {
    await using other = await fakeRegistry((_, response) =>
      sendError(response, 401, 'UNAUTHORIZED', askBasic),
    );
    await using registry = await fakeRegistry((_, response) =>
      response.writeHead(307, { location: `http://${other.address}${list}` }).end(),
    );
    const docker = { config: { auths: { ...entry(registry.address), ...entry(other.address) } } };
    expect((await tagsOf(registry.address, 'shop', docker)).kind).toBe('unheard');
    expect(other.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it.each([
    ['a redirect without end', list, 'it sends on without end'],
    [
      'a redirect to cloud metadata',
      'http://169.254.169.254/latest',
      'it sends on to where nothing is asked',
    ],
    [
      'a redirect to plain HTTP elsewhere',
      'http://r.example/v2/',
      'it sends on to where nothing is asked',
    ],
    ['a redirect to a file', 'file:///etc/passwd', 'it sends on to where nothing is asked'],
    ['a redirect with a login', 'https://a:b@r.example/', 'it sends on to where nothing is asked'],
    ['a redirect to what is no address', 'https://:x', 'it sends on to what is no address'],
  ])('%s', async (_, location, why) => {
    await using registry = await fakeRegistry((__, response) =>
      response.writeHead(302, { location }).end(),
    );
    expect(await tagsOf(registry.address, 'shop')).toEqual({ kind: 'unheard', why });
  });

  it.each([
    ['file:///etc/passwd', 'it wants a token from where nothing is asked'],
    ['http://169.254.169.254/token', 'it wants a token from where nothing is asked'],
    ['http://tokens.example/token', 'it wants a token from where nothing is asked'],
    ['https://a:b@tokens.example/token', 'it wants a token from where nothing is asked'],
    ['/token', 'it names no server for tokens'],
  ])('nor to the token server %s', async (realm, why) => {
    await using registry = await fakeRegistry((_, response) =>
      sendError(response, 401, 'UNAUTHORIZED', { 'www-authenticate': `Bearer realm="${realm}"` }),
    );
    const answer = await tagsOf(registry.address, 'shop', keptFor(registry.address));
    expect(answer).toEqual({ kind: 'unheard', why });
    expect(registry.seen).toHaveLength(1);
  });

  it.each([
    [
      'sends on',
      (response: ServerResponse) => response.writeHead(307, { location: '/away' }).end(),
    ],
    [
      'gives what is no token',
      (response: ServerResponse) => response.end('{"token": "a\\r\\nb: c"}'),
    ],
    ['does not end', (response: ServerResponse) => response.end(' '.repeat(300 * 1024))],
  ])('nor further than to a token server that %s', async (_, answer) => {
    await using tokens = await fakeRegistry((__, response) => answer(response));
    const realm = `Bearer realm="http://${tokens.address}/token"`;
    await using registry = await fakeRegistry((__, response) =>
      sendError(response, 401, 'UNAUTHORIZED', { 'www-authenticate': realm }),
    );
    const said = await tagsOf(registry.address, 'shop', keptFor(registry.address));
    expect(said.kind).toBe('unheard');
    expect([tokens.seen.length, registry.seen.length]).toEqual([1, 1]);
  });
});

function entry(registry: string) {
  const { config } = keptFor(registry);
  return (config as { auths: Record<string, unknown> }).auths;
}
