import type { ScalarEdit } from '../../incident/proposal';
import { pathText } from '../yaml/keyPath';
import { inStyleOf } from '../yaml/scalarText';
import type { ScalarPlace } from '../yaml/valuesDocument';

/** The edit that gives a scalar a new value in its own style. */
export function editOf(place: ScalarPlace, value: string): ScalarEdit {
  return { keyPath: place.keyPath, before: place.source, after: inStyleOf(place, value) };
}

/** Says who else takes the value, of the places that are edited. */
export function sharingWarnings(places: readonly ScalarPlace[]): string[] {
  const edited = places.map((place) => pathText(place.keyPath));
  return places.flatMap((place) => {
    const others = place.sharedBy.map(pathText).filter((path) => !edited.includes(path));
    if (others.length === 0) return [];
    return [
      `${pathText(place.keyPath)} shares its text with ${others.join(', ')}: they change too.`,
    ];
  });
}

/** The amount or text that a scalar stands for, as Kubernetes would read it. */
export function textOf(place: ScalarPlace): string {
  return place.style === 'plain' ? place.source : String(place.value).trim();
}
