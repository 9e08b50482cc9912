import { z } from 'zod';

import type { ImageRepository } from '../remediation/imageReference';
import { mayLead } from './address';
import { challengesIn } from './challenge';
import type { Challenge } from './challenge';
import { jsonOf } from './json';
import type { Login } from './login';
import { loginOf, send } from './request';
import { Unheard } from './unheard';

const mostBytes = 256 * 1024;
const granted = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/**
 * What to answer a registry that asks who one is: a token of the server that it names, or the login
 * itself. A login is only ever used for the registry that it was kept for; that one decides, as with
 * every container engine, which server it trusts with it.
 * @param header its `WWW-Authenticate`
 * @returns undefined where there is nothing to answer with
 * @throws Unheard
 */
export async function authorizationFor(
  header: string,
  base: URL,
  { name }: ImageRepository,
  login: Login | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const challenges = challengesIn(header);
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer) return `Bearer ${await tokenFor(bearer, base, name, login, signal)}`;
  const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
  return isBasic ? basicOf(login) : undefined;
}

function basicOf(login: Login | undefined): string | undefined {
  if (login?.kind !== 'password') return undefined;
  return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
}

async function tokenFor(
  { parameters }: Challenge,
  base: URL,
  name: string,
  login: Login | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { realm = '', service = '' } = parameters;
  if (!URL.canParse(realm)) throw new Unheard('it names no server for tokens');
  const url = new URL(realm);
  if (!mayLead(base, url)) throw new Unheard('it wants a token from where nothing is asked');
  const wanted = { service, scope: `repository:${name}:pull` };
  const response = await (login?.kind === 'identity'
    ? send(url, traded(login.token, wanted), signal)
    : send(withQuery(url, wanted), { headers: loginOf(basicOf(login)) }, signal));
  if (!response.ok) {
    await response.body?.cancel();
    throw new Unheard(
      login && response.status === 401
        ? `${url.host} does not take the login of your docker settings (401)`
        : `${url.host} gives no token (${response.status})`,
    );
  }
  const answer = granted.safeParse(await jsonOf(response, mostBytes));
  const token = answer.success ? (answer.data.token ?? answer.data.access_token) : undefined;
  // Anything else would break out of the header.
  if (!token || !/^[\x21-\x7e]+$/.test(token)) throw new Unheard(`${url.host} gives no token`);
  return token;
}

function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  const asked = new URL(url);
  for (const [key, value] of Object.entries(query)) {
    if (value !== '') asked.searchParams.set(key, value);
  }
  return asked;
}

function traded(token: string, wanted: Readonly<Record<string, string>>): RequestInit {
  const grant = { grant_type: 'refresh_token', client_id: 'war-room', refresh_token: token };
  return { method: 'POST', body: new URLSearchParams({ ...grant, ...wanted }) };
}
