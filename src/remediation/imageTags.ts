import { fullName } from './imageReference';
import type { ImageRepository } from './imageReference';

/** What a registry said of an image's tags. */
export type TagAnswer =
  | {
      kind: 'listed';
      /** Sorted; each is a tag by its grammar: at most 128 letters, digits, `_`, `.` and `-`. */
      tags: readonly string[];
      /** False where the list was longer than what is read: what is not in it may be there. */
      isComplete: boolean;
    }
  /** Nothing is known of the tags; `why` goes on a sentence such as "it was not heard: …". */
  | { kind: 'unheard'; why: string };

/** Who asks registries; the composition root hands one in where the person wants them asked. */
export interface ImageTags {
  /**
   * The tags of an image. It ends within seconds, whatever the registry does.
   * @throws code `cancelled`
   */
  tagsOf(repository: ImageRepository, signal: AbortSignal): Promise<TagAnswer>;
}

/** Which image's registry was asked, and what it said. */
export interface AskedTags {
  image: ImageRepository;
  /** `unasked` where the person has not said that registries may be. */
  answer: TagAnswer | { kind: 'unasked' };
}

/** What one plan asks: each image once. */
export type AskTags = (image: ImageRepository) => Promise<AskedTags>;

/** @param tags undefined where nobody may be asked */
export function asking(tags: ImageTags | undefined, signal: AbortSignal): AskTags {
  const asked = new Map<string, Promise<TagAnswer>>();
  return async (image) => {
    if (!tags) return { image, answer: { kind: 'unasked' } };
    const key = fullName(image);
    const answer = asked.get(key) ?? tags.tagsOf(image, signal);
    asked.set(key, answer);
    return { image, answer: await answer };
  };
}
