import { createSign, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { login } from '../../harness/login';
import { runOrThrow } from '../../harness/process';
import { temporaryFolder } from '../../harness/temporary';
import { listening } from '../verification/listening';

/** A refresh token that it trades. */
export const identity = 'kept-by-docker-login';

/** What a client asked it. */
interface Asked {
  method: string;
  query: URLSearchParams;
  authorization: string | undefined;
}

/**
 * A token server that speaks the registries' protocol: its tokens are signed, and a real registry
 * that trusts its certificate checks them.
 * @param lets whom: everybody, or only who shows {@link login} or {@link identity}
 */
export async function tokenServer(lets: 'everybody' | 'known') {
  const folder = await temporaryFolder('tokens');
  const [key, certificate] = [join(folder.path, 'key.pem'), join(folder.path, 'certificate.pem')];
  const request = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=tokens',
  ];
  await runOrThrow('openssl', [...request, '-keyout', key, '-out', certificate], {
    deadlineMs: 60_000,
  });
  const sign = await signer(key, certificate);
  const asked: Asked[] = [];
  const server = await listening(
    createServer((incoming, response) => {
      void answer(incoming).then((body) => {
        response.statusCode = body === null ? 401 : 200;
        response.end(JSON.stringify(body ?? { errors: [{ code: 'UNAUTHORIZED' }] }));
      });
    }),
  );

  async function answer(incoming: IncomingMessage) {
    const { authorization } = incoming.headers;
    const url = new URL(incoming.url ?? '', 'http://tokens');
    const isPost = incoming.method === 'POST';
    const query = isPost ? new URLSearchParams(await text(incoming)) : url.searchParams;
    asked.push({ method: incoming.method ?? '', query, authorization });
    const basic = Buffer.from(`${login.user}:${login.password}`).toString('base64');
    const isKnown = isPost
      ? query.get('refresh_token') === identity
      : authorization === `Basic ${basic}`;
    if (lets === 'known' && !isKnown) return null;
    const token = sign(query.get('service') ?? '', query.get('scope') ?? '');
    return isPost ? { access_token: token } : { token };
  }

  return {
    realm: `http://${server.address}/token`,
    certificate,
    asked,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder.remove();
    },
  };
}

async function signer(key: string, certificate: string) {
  const [secret, pem] = await Promise.all([readFile(key), readFile(certificate)]);
  const x5c = [new X509Certificate(pem).raw.toString('base64')];
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return (audience: string, scope: string): string => {
    const [type = '', name = '', actions = ''] = scope.split(':');
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      ...{ iss: 'tokens', aud: audience, sub: 'somebody', jti: String(now) },
      ...{ iat: now, nbf: now - 60, exp: now + 300 },
      access: [{ type, name, actions: actions.split(',') }],
    };
    const signed = `${encoded({ typ: 'JWT', alg: 'RS256', x5c })}.${encoded(claims)}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(secret, 'base64url')}`;
  };
}
