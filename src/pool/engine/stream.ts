import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { addAbortSignal, pipeline } from 'node:stream';
import type { Duplex, Readable } from 'node:stream';

import type { EngineConnection } from './place';

const keepAliveMs = 30_000;

/** A request that dockerode is of no help with. */
export interface EngineRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path with its query, for example `/events?since=0`. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it comes. */
  tar?: Readable;
}

/**
 * Opens a stream of the engine, such as events, and gives the answer once its head is there. The
 * stream is destroyed with `signal`. Unlike dockerode it has no body and says when it was lost.
 */
export async function openStream(
  connection: EngineConnection,
  { method, path, body, tar }: EngineRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const type = tar ? 'application/x-tar' : body === undefined ? null : 'application/json';
    const headers = type === null ? {} : { 'Content-Type': type };
    const request = send(connection, { method, path, headers, signal });
    request.on('error', reject);
    request.on('response', (response) => {
      if (isSuccess(response)) resolve(response);
      else refuse(response, reject);
    });
    // An engine may refuse before it has read all; then its answer counts.
    if (tar) pipeline(tar, request, () => undefined);
    else request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/**
 * Turns a connection into a raw one, as attaching does; it is destroyed with `signal`. The request
 * has no body: what dockerode sends as one would be read by the program in the container.
 */
export async function openRaw(
  connection: EngineConnection,
  { method, path }: Omit<EngineRequest, 'body' | 'tar'>,
  signal: AbortSignal,
): Promise<Duplex> {
  return await new Promise((resolve, reject) => {
    // Not from an agent, which would take the connection for free again.
    const headers = { Connection: 'Upgrade', Upgrade: 'tcp' };
    const request = send(connection, { method, path, headers, agent: false, signal });
    request.on('error', reject);
    request.on('response', (response) => refuse(response, reject));
    request.on('upgrade', (_, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      addAbortSignal(signal, socket);
      resolve(socket);
    });
    request.end();
  });
}

/** Asks for a short answer in JSON. */
export async function askEngine<T>(
  connection: EngineConnection,
  request: EngineRequest,
  signal: AbortSignal,
): Promise<T> {
  const response = await openStream(connection, request, signal);
  return await readJson<T>(response);
}

/** The whole of an answer. @throws when it is cut off */
export async function readJson<T>(response: IncomingMessage): Promise<T> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk as Uint8Array);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T;
}

function send(connection: EngineConnection, options: RequestOptions): ClientRequest {
  const request = open(connection, options);
  // A connection that is lost without a word, as over a tunnel, would be waited for forever.
  request.setSocketKeepAlive(true, keepAliveMs);
  return request;
}

function open(connection: EngineConnection, options: RequestOptions): ClientRequest {
  if ('socketPath' in connection) return httpRequest({ ...options, ...connection });
  const { tls, ...at } = connection;
  return tls ? httpsRequest({ ...options, ...at, ...tls }) : httpRequest({ ...options, ...at });
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** Rejects with what the engine says, as dockerode does: an error that has the status. */
function refuse(response: IncomingMessage, reject: (error: Error) => void): void {
  const statusCode = response.statusCode ?? 0;
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => (text += chunk));
  response.on('error', reject);
  response.on('end', () => {
    reject(Object.assign(new Error(wordsOf(text)), { statusCode }));
  });
}

/** Engines answer `{"message": …}`; what stands between us and one may answer anything. */
function wordsOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message.trim();
  } catch {
    // It is no JSON.
  }
  return text.trim();
}
