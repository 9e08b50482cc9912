import { WarRoomError } from '../../base/errors';
import type { ServerImages } from './serverImage';

export interface PoolImages extends ServerImages {
  dispose(): Promise<void>;
}

/** Until images are built. */
export function createImages(options: Record<string, unknown>): PoolImages {
  return {
    imageOf: () =>
      Promise.reject(
        new WarRoomError('image-failed', `No images yet ${Object.keys(options).length}.`),
      ),
    dispose: () => Promise.resolve(),
  } as unknown as PoolImages;
}
