import { request as askPlainly } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as askSecurely } from 'node:https';

import { messageOf } from '../../base/errors';
import { ToolError } from './tool';

const mostRedirects = 5;

/** What an endpoint answered; a status other than 200 is an answer too. */
export interface Answer {
  status: number;
  body: string;
  /** How long it took, in whole milliseconds. */
  ms: number;
}

/** What a request has beyond the usual. */
export interface Request {
  headers?: Readonly<Record<string, string>>;
  /** All certificates that are trusted, in PEM, in place of the usual ones. */
  ca?: readonly string[];
  /** Five seconds unless told. */
  deadlineMs?: number;
  /** Most that is read of the answer; a quarter of a MiB unless told. */
  mostBytes?: number;
}

/**
 * Gets `path` below `base`, whose user and password are sent as basic credentials. Redirects are
 * followed within the origin alone, since what logs in goes with them.
 * @throws ToolError with one sentence when there is no answer
 */
export async function get(
  base: URL,
  path: string,
  signal: AbortSignal,
  { deadlineMs = 5_000, mostBytes = 256 * 1024, ...how }: Request = {},
): Promise<Answer> {
  const url = withLogin(new URL(path, base), base);
  const late = AbortSignal.timeout(deadlineMs);
  const started = performance.now();
  try {
    const response = await follow(url, how, AbortSignal.any([signal, late]));
    const body = await readBounded(response, shown(url), mostBytes);
    return {
      status: response.statusCode ?? 0,
      body,
      ms: Math.round(performance.now() - started),
    };
  } catch (error) {
    if (error instanceof ToolError) throw error;
    const why = late.aborted ? `no answer within ${deadlineMs / 1000} s` : reason(error);
    throw new ToolError(
      `${shown(url)} cannot be reached (${why}). Check that it runs and that its URL is right.`,
      { cause: error },
    );
  }
}

/** The URL without what may be secret in it. */
export function shown(url: URL): string {
  return url.origin + url.pathname;
}

/**
 * Reads the base URL of an endpoint; its path ends with a slash.
 * @param what names the value in the error
 * @throws ToolError when it is none
 */
export function httpUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ToolError(`${what} is not an http or https URL.`);
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

async function follow(
  url: URL,
  how: Pick<Request, 'headers' | 'ca'>,
  signal: AbortSignal,
  redirects = mostRedirects,
): Promise<IncomingMessage> {
  const response = await send(url, how, signal);
  const { location } = response.headers;
  const next =
    location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : null;
  const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0);
  if (!isRedirect || next?.origin !== url.origin || redirects === 0) return response;
  response.resume();
  return await follow(withLogin(next, url), how, signal, redirects - 1);
}

/** A path or a location has no user and password of its own. */
function withLogin(url: URL, { username, password }: URL): URL {
  return Object.assign(url, { username, password });
}

function send(
  url: URL,
  { headers = {}, ca }: Pick<Request, 'headers' | 'ca'>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { headers, signal };
    const request =
      url.protocol === 'https:'
        ? askSecurely(url, { ...options, ca: ca && [...ca] })
        : askPlainly(url, options);
    request.once('response', resolve).once('error', reject).end();
  });
}

async function readBounded(
  response: AsyncIterable<Uint8Array>,
  name: string,
  most: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > most) {
      throw new ToolError(`${name} answered with more than ${most / 1024} KiB, which is not read.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
}
