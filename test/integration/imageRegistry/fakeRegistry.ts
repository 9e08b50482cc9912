import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { listening } from '../verification/listening';

/** A request that came, for the test to look at. */
export interface Seen {
  url: string;
  authorization: string | undefined;
}

/**
 * A registry that does what the real one never does here: it answers as the test says, in the
 * protocol's own words, and remembers who came.
 */
export async function fakeRegistry(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const seen: Seen[] = [];
  const server = await listening(
    createServer((request, response) => {
      const { url = '', headers } = request;
      seen.push({ url, authorization: headers.authorization });
      answer(request, response);
    }),
  );
  return { ...server, seen };
}

/** Sends a page of tags. */
export function sendTags(response: ServerResponse, tags: readonly string[], link?: string): void {
  if (link !== undefined) response.setHeader('link', link);
  response.end(JSON.stringify({ name: 'shop', tags }));
}

/** Sends an error as registries do. */
export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, headers).end(JSON.stringify({ errors: [{ code, message: code }] }));
}
