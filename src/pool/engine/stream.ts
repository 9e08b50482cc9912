import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';

import type { EngineConnection } from './place';

/** A request whose answer is read while it comes, or never ends. */
export interface StreamRequest {
  method: 'GET' | 'POST';
  /** Path with its query, for example `/events?since=0`. */
  path: string;
}

/**
 * Opens a stream of the engine, such as events, and gives the answer once its head is there. The
 * stream is destroyed with `signal`. Unlike dockerode it has no body and says when it was lost.
 */
export async function openStream(
  connection: EngineConnection,
  { method, path }: StreamRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const request = send(connection, { method, path, signal });
    request.on('error', reject);
    request.on('response', (response) => {
      if (response.statusCode === 200) resolve(response);
      else refuse(response, reject);
    });
    request.end();
  });
}

/**
 * Turns a connection into a raw one, as attaching does. The request has no body: what dockerode
 * sends as one would be read by the program in the container.
 * @param signal cancels only until the connection is there
 */
export async function openRaw(
  connection: EngineConnection,
  { method, path }: StreamRequest,
  signal: AbortSignal,
): Promise<Duplex> {
  return await new Promise((resolve, reject) => {
    const request = send(connection, {
      method,
      path,
      // A connection of its own, that no other request may be sent over.
      agent: false,
      headers: { Connection: 'Upgrade', Upgrade: 'tcp' },
    });
    const cancel = () => request.destroy(asError(signal.reason));
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    const settle = () => signal.removeEventListener('abort', cancel);
    request.on('error', (error) => {
      settle();
      reject(error);
    });
    request.on('upgrade', (_, socket, head) => {
      settle();
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.on('response', (response) => {
      settle();
      refuse(response, reject);
    });
    request.end();
  });
}

/** Asks for a short answer in JSON. */
export async function askEngine<T>(
  connection: EngineConnection,
  path: string,
  signal: AbortSignal,
): Promise<T> {
  const chunks: Uint8Array[] = [];
  const response = await openStream(connection, { method: 'GET', path }, signal);
  for await (const chunk of response) chunks.push(chunk as Uint8Array);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T;
}

function send(connection: EngineConnection, options: RequestOptions): ClientRequest {
  if ('socketPath' in connection) return httpRequest({ ...options, ...connection });
  const { tls, ...at } = connection;
  return tls ? httpsRequest({ ...options, ...at, ...tls }) : httpRequest({ ...options, ...at });
}

/** Rejects with what the engine says, as dockerode does: an error that has the status. */
function refuse(response: IncomingMessage, reject: (error: Error) => void): void {
  const statusCode = response.statusCode ?? 0;
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => (text += chunk));
  response.on('error', reject);
  response.on('end', () => {
    const message = `(HTTP code ${statusCode}) ${text.trim()}`;
    reject(Object.assign(new Error(message), { statusCode }));
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
