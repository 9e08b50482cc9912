import { splitImage } from '../imageReference';
import { pathText } from '../yaml/keyPath';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { refusal, textOf } from './edits';
import { ownerBelow } from './find';
import type { FixTarget, KnownValues } from './fix';
import { pathIn } from './known';
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

/** What charts call the image beside its tag. */
export const nameKeys = ['repository', 'name', 'image', 'imageRepository', 'imageName'];

/** The scalar that gives the failing container's image its tag. */
export interface ImagePlace {
  place: ScalarPlace;
  why: string;
  /** Its text: the tag, or the whole reference. */
  now: string;
  /** The tag in such a text. */
  tagIn: (text: string) => string;
  /** What such a text says of the image besides; empty where it is the tag alone. */
  nameIn: (text: string) => string;
  /** Such a text with another tag. */
  withTag: (tag: string) => string;
}

/**
 * Finds the scalar, and sees that nothing else decides the image.
 * @throws code `values-key-missing`, `values-ambiguous`
 */
export function imagePlace(target: FixTarget): ImagePlace {
  const { place, why } = locateImage(target);
  requireNoAutomation(target, place);
  const { keyPath } = place;
  const digest = isTagKey(place) && target.document.find([...keyPath.slice(0, -1), 'digest']);
  if (digest && textOf(digest) !== '') {
    throw refusal(
      `${pathText(digest.keyPath)} names the image by its digest, which wins over the tag, so the tag was left as it is; correct the digest.`,
    );
  }
  const now = textOf(place);
  const located = { place, why, now };
  if (isTagKey(place)) {
    return { ...located, tagIn: (text) => text, nameIn: () => '', withTag: (tag) => tag };
  }
  const tagIn = (text: string) => splitImage(text).tag ?? text;
  const nameIn = (text: string) => splitImage(text).repository;
  return { ...located, tagIn, nameIn, withTag: (tag) => `${nameIn(now)}:${tag}` };
}

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

/** True for a value that is the tag alone. */
export function isTagKey({ keyPath }: ScalarPlace): boolean {
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
  const beside = nameKeys.map((key) => document.find([...owner, key]));
  const found = beside.find((place) => place !== undefined);
  return found && textOf(found);
}

/** True if a text that stood there before, in `known`, is another tag of the same image. */
export function isOtherTag(
  target: FixTarget,
  { place, now }: ImagePlace,
  text: string,
  known: KnownValues,
): boolean {
  const failing = target.facts.image?.value;
  if (text === '') return false;
  if (!isTagKey(place)) {
    const isSame = splitImage(text).repository === splitImage(now).repository;
    return isSame && failing?.endsWith(text) !== true;
  }
  // Another repository's tag says nothing of this one's.
  const isSame =
    repositoryBeside(known.document, pathIn(target, known, place.keyPath)) ===
    repositoryBeside(target.document, place.keyPath);
  return isSame && (failing === undefined || splitImage(failing).tag !== text);
}
