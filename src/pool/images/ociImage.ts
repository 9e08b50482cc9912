import { WarRoomError } from '../../base/errors';
import type { Engine } from '../engine/connect';
import type { ImageInspectInfo } from '../engine/types';
import type { ServerSpec } from '../serverSpec';
import { findImage } from './engineImages';
import { checkDigest } from './pinned';
import { pullImage } from './pullImage';
import type { RecordedImage } from './records';

/**
 * An image of others by its digest, pulled where it is not there. Its own start is used; it is not
 * under our guard.
 */
export async function ociImage(
  engine: Engine,
  reference: string,
  { args }: Pick<ServerSpec, 'args'>,
  signal: AbortSignal,
  tell: (sentence: string) => void,
): Promise<RecordedImage> {
  checkDigest(reference);
  const there = await findImage(engine, reference, signal);
  if (!there) {
    tell(`Pulling ${reference}`);
    await pullImage(engine, reference, signal, tell);
  }
  const image = there ?? (await findImage(engine, reference, signal));
  const digest = reference.slice(reference.indexOf('@'));
  if (!image || !(image.RepoDigests ?? []).some((each) => each.endsWith(digest))) {
    throw new WarRoomError(
      'image-failed',
      `What was pulled for ${reference} has another digest, so it is not used; try again.`,
    );
  }
  return {
    id: image.Id,
    command: commandOf(image, args),
    environment: {},
    isGuarded: false,
    notice: 'An image of others: nothing ends a server in it that ignores the end of its input.',
    base: null,
    layers: [{ id: image.Id, bytes: image.Size }],
    isOurs: there === null,
  };
}

/** The image's own start; arguments of ours take the place of its own, as with `docker run`. */
function commandOf(
  { Config: { Entrypoint, Cmd } }: ImageInspectInfo,
  args: readonly string[],
): readonly string[] {
  const entry = typeof Entrypoint === 'string' ? [Entrypoint] : (Entrypoint ?? []);
  const own = (Cmd as string[] | null) ?? [];
  return args.length > 0 && entry.length > 0 ? entry : [...entry, ...own];
}
