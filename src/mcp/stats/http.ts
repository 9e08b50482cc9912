import { messageOf } from '../../base/errors';
import { ToolError } from '../shared/tool';

const deadlineMs = 5_000;
const mostBytes = 256 * 1024;

/** What an endpoint answered; a status other than 200 is an answer too. */
export interface Answer {
  status: number;
  body: string;
  /** How long it took, in whole milliseconds. */
  ms: number;
}

/**
 * Gets `path` below `base`, within five seconds and a quarter of a MiB.
 * @throws ToolError with one sentence when there is no answer
 */
export async function get(base: URL, path: string, signal: AbortSignal): Promise<Answer> {
  const url = new URL(path, base);
  const headers = credentials(url);
  const late = AbortSignal.timeout(deadlineMs);
  const started = performance.now();
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.any([signal, late]) });
    const body = await readBounded(response, shown(url));
    return { status: response.status, body, ms: Math.round(performance.now() - started) };
  } catch (error) {
    if (error instanceof ToolError) throw error;
    const why = late.aborted ? `no answer within ${deadlineMs / 1000} s` : reason(error);
    throw new ToolError(
      `${shown(url)} cannot be reached (${why}). Check that it runs and that its URL is right.`,
      { cause: error },
    );
  }
}

/** Moves user and password from the URL into a header, where fetch takes them. */
function credentials(url: URL): Record<string, string> {
  if (!url.username && !url.password) return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** The URL without what may be secret in it. */
function shown(url: URL): string {
  return url.origin + url.pathname;
}

async function readBounded(response: Response, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > mostBytes) {
      throw new ToolError(
        `${name} answered with more than ${mostBytes / 1024} KiB, which is not read.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** fetch hides what happened in the cause of its error. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return messageOf(error);
}
