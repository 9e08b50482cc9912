import { fullName, parseRepository, splitImage } from '../imageReference';
import type { ImageRepository } from '../imageReference';
import type { KeyPath } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { textOf } from './edits';
import type { FixTarget, KnownValues } from './fix';
import { isTagKey, nameKeys } from './imagePlace';
import { pathIn } from './known';

/** What charts call the registry: beside the tag, and for all images of the values. */
const registryKeys = ['registry', 'imageRegistry'];
const sharedRegistries: readonly KeyPath[] = [
  ['global', 'imageRegistry'],
  ['global', 'registry'],
  ['global', 'image', 'registry'],
  ['imageRegistry'],
  ['registry'],
  ['image', 'registry'],
];

/**
 * The image that the tag at `place` belongs to, where it is certain which: what the evidence says
 * that failed must be exactly what the application's values say, put together as charts do. So no
 * line of a log can name a registry, and no value that another one replaces is taken for the image's.
 */
export function repositoryOf(target: FixTarget, place: ScalarPlace): ImageRepository | undefined {
  const image = target.facts.image?.value;
  const failed = image === undefined ? undefined : parseRepository(image);
  const tag = isTagKey(place) ? textOf(place) : splitImage(textOf(place)).tag;
  // What is named by its digest, or without a tag, is not missing for what a list says.
  if (!failed || tag === null || splitImage(image ?? '').tag !== tag) return undefined;
  const own = { document: target.document, prefix: target.prefix };
  const sources = [own, ...target.others];
  const at = place.keyPath;
  const names = isTagKey(place)
    ? textsAt(
        target,
        sources,
        nameKeys.map((key) => [...at.slice(0, -1), key]),
      )
    : [splitImage(textOf(place)).repository];
  const registries = [
    ...textsAt(
      target,
      sources,
      registryKeys.map((key) => [...at.slice(0, -1), key]),
    ),
    ...textsAt(
      target,
      sources,
      sharedRegistries.map((path) => [...target.prefix, ...path]),
    ),
    // Helm hands the globals of the whole file to every chart in it.
    ...sharedRegistries.flatMap((path) => textAt(own.document, path)),
  ];
  const made = names.flatMap((name) => [
    // Docker Hub is meant only where no registry is named.
    ...(registries.length === 0 || hasRegistry(name) ? [name] : []),
    ...registries.map((each) => `${each}/${name}`),
  ]);
  return made.some((each) => isSame(parseRepository(each), failed)) ? failed : undefined;
}

type Source = Pick<KnownValues, 'document' | 'prefix'>;

function textsAt(target: FixTarget, sources: readonly Source[], paths: readonly KeyPath[]) {
  return sources.flatMap(({ document, prefix }) =>
    paths.flatMap((path) => textAt(document, pathIn(target, { prefix }, path))),
  );
}

function textAt(document: KnownValues['document'], path: KeyPath): string[] {
  const place = document.find(path);
  const text = place ? textOf(place).replace(/\/+$/, '') : '';
  return text === '' ? [] : [text];
}

function hasRegistry(name: string): boolean {
  const made = parseRepository(name);
  return made !== undefined && name.toLowerCase().startsWith(`${made.registry}/`);
}

function isSame(one: ImageRepository | undefined, other: ImageRepository): boolean {
  return one !== undefined && fullName(one) === fullName(other);
}
