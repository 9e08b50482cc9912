import type { Readable } from 'node:stream';

import { withDeadline } from '../../base/deadline';
import { WarRoomError, messageOf } from '../../base/errors';
import type { Engine } from '../engine/connect';
import { isEngineLost, isStatus } from '../engine/failure';
import { askEngine, openStream } from '../engine/stream';
import type { EngineRequest } from '../engine/stream';
import type { ImageInspectInfo } from '../engine/types';
import type { Layer } from './records';

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
 */
export async function buildImage(
  engine: Engine,
  context: Readable,
  { tag, labels }: { tag: string; labels: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<ImageInspectInfo> {
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
  return await made(engine, tag, signal);
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
): Promise<ImageInspectInfo> {
  // Podman takes no notice of a tag by itself.
  const query = new URLSearchParams({ fromSrc: '-', repo: `${repository}:${tag}` });
  changes.forEach((change) => query.append('changes', change));
  const request = {
    method: 'POST',
    path: `/images/create?${query.toString()}`,
    tar: content,
  } as const;
  await withDeadline('Importing an image', buildMs, signal, (within) =>
    follow(engine, request, within),
  );
  return await made(engine, `${repository}:${tag}`, signal);
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

/**
 * Removes an image with those of its layers that nothing else uses.
 * @returns false when it is used, and so stays
 */
export async function removeImage(
  { client }: Engine,
  reference: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await withDeadline('Removing an image', requestMs, signal, (abortSignal) =>
      client.getImage(reference).remove({ abortSignal }),
    );
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return true;
    if (isStatus(error, 409)) return false;
    throw engineFailure(error);
  }
}

/** Ids of the images with a label that no other image is made on. */
export async function imagesWith(
  { place }: Engine,
  label: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const request = { method: 'GET', path: `/images/json?filters=${filters}` } as const;
  const images = await withDeadline('Listing images', requestMs, signal, (within) =>
    askEngine<readonly { Id: string }[]>(place.connection, request, within),
  );
  return images.map(({ Id }) => Id);
}

/**
 * What an image takes on the engine's disk besides its base. Layers that images share have the same
 * id, where the engine tells it.
 */
export async function layersAbove(
  { place }: Engine,
  image: string,
  base: string,
  signal: AbortSignal,
): Promise<readonly Layer[]> {
  const historyOf = async (reference: string) =>
    await withDeadline("Asking for an image's layers", requestMs, signal, (within) =>
      askEngine<readonly { Id: string; Size: number }[]>(
        place.connection,
        { method: 'GET', path: `/images/${reference}/history` },
        within,
      ),
    );
  const [all, below] = await Promise.all([historyOf(image), historyOf(base)]);
  return all.slice(0, all.length - below.length).flatMap(({ Id, Size }, index) => {
    const id = Id.startsWith('sha256:') ? Id : `${image}/${index}`;
    return Size > 0 ? [{ id, bytes: Size }] : [];
  });
}

async function made(
  engine: Engine,
  reference: string,
  signal: AbortSignal,
): Promise<ImageInspectInfo> {
  const image = await findImage(engine, reference, signal);
  if (image) return image;
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
