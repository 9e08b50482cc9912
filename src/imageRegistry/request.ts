import { causeOf } from '../base/httpAnswer';
import { mayLead } from './address';
import { Unheard } from './unheard';

const mostRedirects = 3;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** An answer, and the address that it is from after redirects. */
export interface Answer {
  response: Response;
  url: URL;
}

/**
 * Asks once and follows where it is sent on to, as far as {@link mayLead} lets. The authorization
 * goes to the first address's own origin alone, and never again once that was left.
 * @throws Unheard
 */
export async function get(
  url: URL,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  let at = url;
  let isHome = true;
  for (let sent = 0; sent <= mostRedirects; sent++) {
    isHome &&= at.origin === url.origin;
    const response = await send(at, { headers: isHome ? loginOf(authorization) : {} }, signal);
    if (!redirects.has(response.status)) return { response, url: at };
    await response.body?.cancel();
    const to = response.headers.get('location') ?? '';
    if (!URL.canParse(to, at.href)) throw new Unheard('it sends on to what is no address');
    const next = new URL(to, at);
    if (!mayLead(at, next)) throw new Unheard('it sends on to where nothing is asked');
    at = next;
  }
  throw new Unheard('it sends on without end');
}

/**
 * One request, which is not sent on.
 * @throws Unheard when nobody answers
 */
export async function send(url: URL, init: RequestInit, signal: AbortSignal): Promise<Response> {
  const headers = { accept: 'application/json', ...init.headers };
  return await fetch(url, { ...init, headers, redirect: 'manual', signal }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw new Unheard(`${url.host} cannot be reached (${causeOf(error)})`);
    },
  );
}

/** The header that says who asks. */
export function loginOf(authorization: string | undefined): Record<string, string> {
  return authorization === undefined ? {} : { authorization };
}
