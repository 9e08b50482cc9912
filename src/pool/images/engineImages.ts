import type { Readable } from 'node:stream';

import { withDeadline } from '../../base/deadline';
import { WarRoomError, messageOf } from '../../base/errors';
import type { Engine } from '../engine/connect';
import { isEngineLost, isStatus } from '../engine/failure';
import { askEngine, openStream } from '../engine/stream';
import type { EngineRequest } from '../engine/stream';
import type { ImageInspectInfo } from '../engine/types';

const requestMs = 20_000;
const buildMs = 5 * 60_000;

/** What an engine writes while it works on an image: one object a line. */
interface ProgressLine {
  id?: string;
  status?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
}

/** The image of that name, digest or id; null when the engine has none. */
export async function findImage(
  { place }: Engine,
  reference: string,
  signal: AbortSignal,
): Promise<ImageInspectInfo | null> {
  const request = { method: 'GET', path: `/images/${encodeURI(reference)}/json` } as const;
  try {
    return await withDeadline('Looking for an image', requestMs, signal, (within) =>
      askEngine<ImageInspectInfo>(place.connection, request, within),
    );
  } catch (error) {
    if (isStatus(error, 404)) return null;
    throw engineFailure(error);
  }
}

/**
 * Builds an image without any network.
 * @param context a tar with a `Dockerfile`
 * @returns the image's id
 */
export async function buildImage(
  engine: Engine,
  context: Readable,
  { tag, labels }: { tag: string; labels: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<string> {
  const query = new URLSearchParams({
    t: tag,
    labels: JSON.stringify(labels),
    networkmode: 'none',
    rm: '1',
    forcerm: '1',
  });
  const request = { method: 'POST', path: `/build?${query.toString()}`, tar: context } as const;
  await withDeadline('Building an image', buildMs, signal, (within) =>
    follow(engine, request, within),
  );
  return await idOf(engine, tag, signal);
}

/**
 * Makes an image of one layer.
 * @param changes instructions of a Dockerfile, such as `ENV`
 */
export async function importImage(
  engine: Engine,
  content: Readable,
  { repository, tag, changes }: { repository: string; tag: string; changes: readonly string[] },
  signal: AbortSignal,
): Promise<string> {
  const query = new URLSearchParams({ fromSrc: '-', repo: repository, tag });
  changes.forEach((change) => query.append('changes', change));
  const request = {
    method: 'POST',
    path: `/images/create?${query.toString()}`,
    tar: content,
  } as const;
  await withDeadline('Importing an image', buildMs, signal, (within) =>
    follow(engine, request, within),
  );
  return await idOf(engine, `${repository}:${tag}`, signal);
}

/** Asks the engine for something that it writes lines about, and waits for its end. */
export async function follow(
  { place }: Engine,
  request: EngineRequest,
  signal: AbortSignal,
  onLine: (line: ProgressLine) => void = () => undefined,
): Promise<void> {
  try {
    const answer = await openStream(place.connection, request, signal);
    for await (const line of linesOf(answer)) {
      if (line.error !== undefined) throw new Error(line.error);
      onLine(line);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw engineFailure(error);
  }
}

async function* linesOf(answer: Readable): AsyncGenerator<ProgressLine> {
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() !== '') yield JSON.parse(line) as ProgressLine;
    }
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as ProgressLine;
}

/** Removes an image with those of its layers that nothing else uses. One that is used stays. */
export async function removeImage(
  { client }: Engine,
  reference: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await withDeadline('Removing an image', requestMs, signal, (abortSignal) =>
      client.getImage(reference).remove({ abortSignal }),
    );
  } catch (error) {
    if (!isStatus(error, 404) && !isStatus(error, 409)) throw engineFailure(error);
  }
}

/** Ids of the images with a label. */
export async function imagesWith(
  { client }: Engine,
  label: string,
  { dangling }: { dangling: boolean },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const filters = JSON.stringify({ label: [label], ...(dangling ? { dangling: ['true'] } : {}) });
  const images = await withDeadline('Listing images', requestMs, signal, (abortSignal) =>
    client.listImages({ all: dangling, filters, abortSignal }),
  );
  return images.map(({ Id }) => Id);
}

async function idOf(engine: Engine, reference: string, signal: AbortSignal): Promise<string> {
  const image = await findImage(engine, reference, signal);
  if (image) return image.Id;
  throw new WarRoomError(
    'image-failed',
    `The container engine made the image ${reference} and has it no more; look at its log.`,
  );
}

/** What is said when an engine could not do something with an image. */
export function engineFailure(error: unknown): unknown {
  if (WarRoomError.is(error)) return error;
  const message = messageOf(error).replace(/[.\s]+$/, '');
  if (/no space left on device|disk quota exceeded/i.test(message)) {
    return new WarRoomError(
      'image-failed',
      "No space is left on the container engine's disk, so no image was made, and nothing of it was left; make room (`docker system df` says what takes it) and try again.",
      { cause: error },
    );
  }
  if (isEngineLost(error)) {
    return new WarRoomError(
      'engine-unavailable',
      `The container engine was lost while it worked on an image (${message}): start it, and try again.`,
      { cause: error },
    );
  }
  return new WarRoomError(
    'image-failed',
    `The container engine could not make or read an image: ${message}.`,
    { cause: error },
  );
}
