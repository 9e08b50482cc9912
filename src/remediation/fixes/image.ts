import { WarRoomError } from '../../base/errors';
import type { ImageRepository } from '../imageReference';
import { pathText } from '../yaml/keyPath';
import { editOf, refusal, sharingWarnings } from './edits';
import type { Fixer, FixTarget } from './fix';
import { imagePlace, isOtherTag } from './imagePlace';
import type { ImagePlace } from './imagePlace';
import { repositoryOf } from './imageRepository';
import { isSpelledLike } from './imageTag';
import { lastGood, sourceWords } from './known';
import { fixFromRegistry } from './registryTag';
import { requireMissing, whether, wordOf } from './registryWord';
import type { RegistryWord } from './registryWord';

/** The tag that this very scalar held last in the history: never one that nobody released here. */
export const imageFixer: Fixer = {
  needsKnown: true,
  objection: () => null,

  fix(target) {
    const image = imagePlace(target);
    requireMissing(target.asked, image.tagIn(image.now), pathText(image.place.keyPath));
    const gone = new Set<string>();
    const good = lastGood(target, image.place.keyPath, (text, known) => {
      if (!isOtherTag(target, image, text, known)) return false;
      const isGone = whether(target.asked, image.tagIn(text)) === 'gone';
      if (isGone) gone.add(image.tagIn(text));
      return !isGone;
    });
    if (!good) return fixFromRegistry(image, [...gone], target.asked);
    const tag = image.tagIn(good.text);
    const word = wordOf(target.asked, tag);
    return {
      title: `set image tag back to ${tag}`,
      edits: [editOf(image.place, good.text, good.place)],
      reason: `${image.now} cannot run here; ${image.why}. ${good.text} is what stood there before, ${sourceWords(good)}.${word.reason}`,
      formula: null,
      warnings: [
        ...goneWarnings(target, gone),
        ...slipWarnings(target, image),
        ...word.warnings,
        ...sharingWarnings([image.place]),
      ],
    };
  },

  patch: () => null,
};

/** The same where the tag may be what is missing: then the registry says which there are. */
export const missingTagFixer: Fixer = {
  ...imageFixer,
  asksFor: (target) => repositoryOf(target, imagePlace(target).place),
};

const namesImage = /(?:registry|repository|name|image)$/i;

/** Which image that is; undefined too where it is not certain which value decides it. */
export function askedWithDoubt(target: FixTarget): ImageRepository | undefined {
  try {
    return missingTagFixer.asksFor?.(target);
  } catch (error) {
    if (WarRoomError.is(error)) return undefined;
    throw error;
  }
}

/**
 * What the registry says where a change puts an earlier tag back, and nothing else of the image: where
 * that comes from another registry or has another name, nobody was asked for it.
 * @param textsBack by the path of a value, the text that the change gives it; undefined where it takes it out
 * @throws code `values-ambiguous` where the registry does not have it, or has the one that failed
 */
export function wordOfTagBack(
  target: FixTarget,
  textsBack: ReadonlyMap<string, string | undefined>,
): RegistryWord {
  if (!target.asked) return wordOf(undefined, '');
  const image = imagePlace(target);
  const path = pathText(image.place.keyPath);
  const text = textsBack.get(path);
  const isMoved = [...textsBack.keys()].some((each) => each !== path && namesImage.test(each));
  if (text === undefined || isMoved || image.nameIn(text) !== image.nameIn(image.now)) {
    return wordOf(undefined, '');
  }
  requireMissing(target.asked, image.tagIn(image.now), path);
  const tag = image.tagIn(text);
  if (whether(target.asked, tag) === 'gone') {
    throw refusal(
      `${path} was ${tag}, which ${target.asked.image.registry} does not list any more, so that is not put back.`,
    );
  }
  return wordOf(target.asked, tag);
}

/** What stands there may only be written wrong: the person knows. */
function slipWarnings({ asked }: FixTarget, { now, tagIn }: ImagePlace): string[] {
  if (asked?.answer.kind !== 'listed') return [];
  const wanted = tagIn(now);
  const alike = asked.answer.tags.filter((tag) => isSpelledLike(tag, wanted));
  if (alike.length === 0) return [];
  return [
    `${asked.image.registry} has ${alike.join(', ')}, which differs from ${wanted} only in how it is written.`,
  ];
}

function goneWarnings({ asked }: FixTarget, gone: ReadonlySet<string>): string[] {
  if (!asked || gone.size === 0) return [];
  return [
    `${[...gone].join(', ')} came later, and ${asked.image.registry} does not list it any more.`,
  ];
}
