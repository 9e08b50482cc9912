import { stringify } from 'yaml';

import { WarRoomError } from '../base/errors';
import type { ScalarEdit } from '../incident/proposal';
import type { Mount } from './find/layer';
import { pathText } from './yaml/keyPath';
import type { KeyPath } from './yaml/keyPath';
import { inStyleOf } from './yaml/scalarText';
import { ValuesDocument } from './yaml/valuesDocument';
import type { ScalarPlace } from './yaml/valuesDocument';

/** A scalar of the file, and where it counts. */
interface MountedPlace {
  at: KeyPath;
  place: ScalarPlace;
}

/** The values that scattered scalars of a file add up to, as a document of their own. */
export function mountedView(document: ValuesDocument, mounts: readonly Mount[]): ValuesDocument {
  const root: Tree = new Map();
  for (const { at, place } of placesOf(document, mounts)) put(root, at, place.value);
  return ValuesDocument.parse(Buffer.from(stringify(plain(root))));
}

/**
 * Edits of the view as edits of the file.
 * @throws code `values-key-missing` for a key that the file has no place for; `values-ambiguous`
 */
export function editsInFile(
  document: ValuesDocument,
  mounts: readonly Mount[],
  edits: readonly ScalarEdit[],
): ScalarEdit[] {
  const places = placesOf(document, mounts);
  return edits.map((edit) => {
    // Of a position in a list the view says only its text.
    const found = places.findLast(({ at }) => pathText(at) === pathText(edit.keyPath));
    if (!found) {
      throw new WarRoomError(
        'values-key-missing',
        `${pathText(edit.keyPath)} is not set where the other settings are, so the file was left as it is; add it by hand.`,
      );
    }
    const place = document.scalar(found.place.keyPath);
    const { keyPath, source } = place;
    return { ...edit, keyPath, before: source, after: inStyleOf(place, edit.after) };
  });
}

function placesOf(document: ValuesDocument, mounts: readonly Mount[]): MountedPlace[] {
  return mounts.flatMap(({ at, path }) =>
    document
      .scalars(path)
      .map((place) => ({ at: [...at, ...place.keyPath.slice(path.length)], place })),
  );
}

type Tree = Map<string, unknown>;

/** Positions become keys: a list of which only the third entry is set here has no first. */
function put(tree: Tree, path: KeyPath, value: unknown): void {
  const [first = '', ...rest] = path.map(String);
  if (rest.length === 0) {
    tree.set(first, value);
    return;
  }
  const below = tree.get(first);
  const inner: Tree = below instanceof Map ? (below as Tree) : new Map<string, unknown>();
  tree.set(first, inner);
  put(inner, rest, value);
}

function plain(tree: Tree): Record<string, unknown> {
  return Object.fromEntries(
    [...tree].map(([key, value]) => [key, value instanceof Map ? plain(value as Tree) : value]),
  );
}
