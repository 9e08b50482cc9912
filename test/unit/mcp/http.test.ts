import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { get, httpUrl } from '../../../src/mcp/shared/http';

let servers: Server[] = [];

afterEach(() => {
  for (const server of servers) server.close().closeAllConnections();
  servers = [];
});

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const anyone = () => new AbortController().signal;

describe('asking over HTTP', () => {
  it('sends user and password of the URL, also where it is sent on within the origin', async () => {
    const url = await serve(({ url: asked, headers }, response) => {
      if (asked === '/old') response.writeHead(301, { location: '/new' }).end();
      else response.end([asked, headers.authorization, headers['x-tenant']].join(' '));
    });
    url.username = 'on call';
    url.password = 'p@ss';
    const headers = { 'x-tenant': 'shop' };
    const { status, body } = await get(url, 'old', anyone(), { headers });
    const basic = Buffer.from('on call:p@ss').toString('base64');
    expect({ status, body }).toEqual({ status: 200, body: `/new Basic ${basic} shop` });
  });

  it('goes to no other origin with what logs in', async () => {
    const other = await serve((_, response) => response.end('somebody else'));
    const url = await serve((_, response) => {
      response.writeHead(302, { location: other.href }).end('gone');
    });
    expect(await get(url, '', anyone())).toMatchObject({ status: 302, body: 'gone' });
  });

  it('follows a circle of redirects only so far', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(302, { location: '/' }).end();
    });
    expect(await get(url, '', anyone())).toMatchObject({ status: 302 });
    expect(asked).toBe(6);
  });

  it('reads no more than it was told, and says where', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(5000)));
    await expect(get(url, '', anyone(), { mostBytes: 4096 })).rejects.toThrow(
      `${url.href} answered with more than 4 KiB, which is not read.`,
    );
  });

  it('says that nobody answers, without the password', async () => {
    const url = await serve((_, response) => response.end());
    servers.splice(0).forEach((server) => server.close());
    url.password = 'secret';
    url.username = 'user';
    await expect(get(url, '', anyone())).rejects.toThrow(
      `${url.origin}/ cannot be reached (ECONNREFUSED).`,
    );
  });
});

describe('a base URL', () => {
  it('ends with a slash', () => {
    expect(httpUrl('https://host/prefix', 'X').href).toBe('https://host/prefix/');
  });

  it('is http or https', () => {
    expect(() => httpUrl('ftp://host', 'X')).toThrow('X is not an http or https URL.');
  });
});
