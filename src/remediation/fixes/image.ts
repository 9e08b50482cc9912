import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, refusal, sharingWarnings, textOf } from './edits';
import { ownerBelow } from './find';
import type { Fixer, FixTarget, KnownValues } from './fix';
import { lastGood, pathIn, sourceWords } from './known';
import { locate } from './locate';
import type { LocatedSetting } from './locate';
import { requireNoAutomation } from './owners';

/** Where charts write the tag by itself, and where the whole reference. */
const tagKeys: readonly KeyPath[] = [
  ['image', 'tag'],
  ['imageTag'],
  ['image_tag'],
  ['images', 'tag'],
  ['tag'],
];
const wholeKeys: readonly KeyPath[] = [['image'], ['image', 'name'], ['imageName']];

/** `registry/name` and `tag` of an image's reference; no tag where it is named by its digest. */
export function splitImage(image: string): { repository: string; tag: string | null } {
  const [bare = '', digest] = image.split('@');
  const at = bare.lastIndexOf(':');
  const tagged = at > bare.lastIndexOf('/');
  return {
    repository: tagged ? bare.slice(0, at) : bare,
    tag: digest === undefined && tagged ? bare.slice(at + 1) : null,
  };
}

/** The tag that this very scalar held last in the history: never one that nobody released here. */
export const imageFixer: Fixer = {
  needsKnown: true,
  objection: () => null,

  fix(target) {
    const image = locateImage(target);
    requireNoAutomation(target, image.place);
    const { keyPath } = image.place;
    const digest =
      isTagKey(image.place) && target.document.find([...keyPath.slice(0, -1), 'digest']);
    if (digest && textOf(digest) !== '') {
      throw refusal(
        `${pathText(digest.keyPath)} names the image by its digest, which wins over the tag, so the tag was left as it is; correct the digest.`,
      );
    }
    const isWhole = !isTagKey(image.place);
    const now = textOf(image.place);
    const failing = target.facts.image?.value;
    const good = lastGood(target, keyPath, (text, known) => {
      if (text === '') return false;
      if (failing !== undefined && (isWhole ? failing.endsWith(text) : tagOf(failing) === text)) {
        return false;
      }
      return isWhole
        ? splitImage(text).repository === splitImage(now).repository
        : sameRepository(target, known, image.place);
    });
    if (!good) {
      throw refusal(
        `${pathText(keyPath)} is ${now}, and the history of this file holds no other tag of that image, so it was left as it is: a tag is never invented; take one that the registry has.`,
      );
    }
    const tag = isWhole ? (splitImage(good.text).tag ?? good.text) : good.text;
    return {
      title: `set image tag back to ${tag}`,
      edits: [editOf(image.place, good.text, good.place)],
      reason: `${now} cannot run here; ${image.why}. ${good.text} is what stood there before, ${sourceWords(good)}.`,
      formula: null,
      warnings: sharingWarnings([image.place]),
    };
  },

  patch: () => null,
};

function locateImage(target: FixTarget): LocatedSetting {
  const image = target.facts.image?.value;
  const seen = image === undefined || splitImage(image).tag === null ? undefined : image;
  const ownerOf = ownerBelow([...tagKeys, ...wholeKeys]);
  return locate(target, {
    name: 'image tag',
    path: ['image', 'tag'],
    ownerOf: (place) => (holdsTag(place) ? ownerOf(place) : undefined),
    seen,
    isSeen: (place) => seen !== undefined && isImage(target, place, seen),
  });
}

function isTagKey({ keyPath }: ScalarPlace): boolean {
  return /tag$/i.test(String(keyPath.at(-1)));
}

function holdsTag(place: ScalarPlace): boolean {
  return isTagKey(place) || splitImage(textOf(place)).tag !== null;
}

/** True if the scalar gives the image that failed its tag; the registry may stand elsewhere. */
function isImage(target: FixTarget, place: ScalarPlace, image: string): boolean {
  const { repository, tag } = splitImage(image);
  if (!isTagKey(place)) {
    const own = splitImage(textOf(place));
    return own.tag === tag && isPartOf(own.repository, repository);
  }
  const beside = repositoryBeside(target.document, place.keyPath);
  return textOf(place) === tag && (beside === undefined || isPartOf(beside, repository));
}

function isPartOf(part: string, repository: string): boolean {
  return repository === part || repository.endsWith(`/${part}`) || part.endsWith(`/${repository}`);
}

function repositoryBeside(document: KnownValues['document'], keyPath: KeyPath) {
  const owner = keyPath.slice(0, -1);
  const beside = ['repository', 'name', 'image'].map((key) => document.find([...owner, key]));
  const found = beside.find((place) => place !== undefined);
  return found && textOf(found);
}

/** Another repository's tag says nothing of this one's. */
function sameRepository(target: FixTarget, known: KnownValues, { keyPath }: ScalarPlace): boolean {
  return (
    repositoryBeside(known.document, pathIn(target, known, keyPath)) ===
    repositoryBeside(target.document, keyPath)
  );
}

function tagOf(image: string): string | null {
  return splitImage(image).tag;
}
