import type { Readable } from 'node:stream';

import npmFetch from 'npm-registry-fetch';

import { messageOf } from '../base/errors';
import type { NpmOptions } from './npmOptions';

const mostResults = 50;
/** Largest answer that is read, in bytes. */
const mostBytes = 8 * 1024 * 1024;

/**
 * Asks the search of the registry that the options name; gives what it says of each package,
 * unchecked.
 * @throws Error with the reason, as an end of "did not answer: "
 */
export async function searchPackages(
  text: string,
  options: NpmOptions,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  try {
    const response = await npmFetch('/-/v1/search', {
      ...options,
      query: { text, size: mostResults },
      // What is slow or broken is left out rather than tried again, and kept by the catalogue alone.
      retry: { retries: 0 },
      cache: undefined,
      signal,
    });
    return packagesIn(await boundedText(response.body)).slice(0, mostResults);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(reasonOf(error), { cause: error });
  }
}

/** Reads to the end, or until it is too much. */
async function boundedText(body: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return await new Promise((resolve, reject) => {
    // It stays, since what is cut off goes on to fail when nobody waits for it any more.
    body.on('error', reject);
    body.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= mostBytes) chunks.push(chunk);
      else (body as Readable).destroy(new Error('its answer is larger than 8 MiB'));
    });
  });
}

function packagesIn(text: string): unknown[] {
  const answer = parseJson(text);
  const objects: unknown =
    typeof answer === 'object' && answer !== null && 'objects' in answer ? answer.objects : null;
  if (!Array.isArray(objects)) throw new Error('its answer is no list of packages');
  return objects.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'package' in each ? each.package : null,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('its answer is not JSON');
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'E404') return 'the registry that your .npmrc names has no search';
  if (code === 'E401' || code === 'E403') return 'it refused the credentials of your .npmrc';
  return messageOf(error);
}
