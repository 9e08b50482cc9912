import { WarRoomError } from '../../../base/errors';

/** The longest answer is far below; a stream that never ends would else fill the memory. */
const mostBytes = 16 * 1024 * 1024;

/**
 * `fetch` to the one address that a person agreed to: a redirection is not followed, since it would
 * take the evidence and the key elsewhere. A longer answer than any model gives breaks off with code
 * `model-failed`.
 */
export async function boundedFetch(
  ...[address, options]: Parameters<typeof fetch>
): Promise<Response> {
  const response = await fetch(address, { ...options, redirect: 'manual' });
  if (!response.body) return response;
  let bytes = 0;
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, out) {
      bytes += piece.byteLength;
      if (bytes > mostBytes) out.error(tooLong());
      else out.enqueue(piece);
    },
  });
  return new Response(response.body.pipeThrough(bounded), response);
}

function tooLong(): WarRoomError {
  return new WarRoomError(
    'model-failed',
    'The answer of the model did not end, so it was given up.',
  );
}
