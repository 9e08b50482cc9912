import type { ScalarEdit } from '../../incident/proposal';
import { editText, pathText } from '../yaml/keyPath';
import { inStyleOf } from '../yaml/scalarText';
import type { ScalarPlace, ValuesDocument } from '../yaml/valuesDocument';

/**
 * The edit that gives a scalar a new value in its own style. One that a merge key brings gets a key
 * of its own beside the merge key, which changes nothing for the others that share it.
 */
export function editOf(place: ScalarPlace, value: string): ScalarEdit {
  // A block of several lines cannot be added; it is changed where it stands.
  const before = place.inherited && place.style !== 'block' ? null : place.source;
  return { keyPath: place.keyPath, before, after: inStyleOf(place, value) };
}

/** Says who else takes the value, of the places that are edited, or that they keep theirs. */
export function sharingWarnings(places: readonly ScalarPlace[]): string[] {
  const edited = places.map((place) => pathText(place.keyPath));
  return places.flatMap((place) => {
    const others = place.sharedBy.map(pathText).filter((path) => !edited.includes(path));
    if (others.length === 0) return [];
    if (place.inherited) {
      return [
        `${pathText(place.keyPath)} came from a merge key (<<) and gets a value of its own; ${others.join(', ')} keep theirs.`,
      ];
    }
    return [
      `${pathText(place.keyPath)} shares its text with ${others.join(', ')}: they change too.`,
    ];
  });
}

/** Says who else takes what is added to a block that others share. */
export function additionWarnings(document: ValuesDocument, edits: readonly ScalarEdit[]): string[] {
  const added = edits.filter((edit) => edit.before === null);
  return added.flatMap((edit) => {
    const others = document.at(edit.document).sharedWith(edit.keyPath);
    if (others.length === 0) return [];
    return [
      `${editText(edit)} is added to a block that others share; it is added to ${others.map(pathText).join(', ')} too.`,
    ];
  });
}

/** The amount or text that a scalar stands for, as Kubernetes would read it. */
export function textOf(place: ScalarPlace): string {
  return place.style === 'plain' ? place.source : String(place.value).trim();
}
