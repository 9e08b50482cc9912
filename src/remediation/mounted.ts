import { stringify } from 'yaml';

import { WarRoomError } from '../base/errors';
import type { ScalarEdit } from '../incident/proposal';
import type { Mount } from './find/layer';
import { pathText, startsWith } from './yaml/keyPath';
import type { KeyPath } from './yaml/keyPath';
import { inStyleOf } from './yaml/scalarText';
import { ValuesDocument } from './yaml/valuesDocument';

/** The values that scattered scalars of a file add up to, as a document of their own. */
export function mountedView(document: ValuesDocument, mounts: readonly Mount[]): ValuesDocument {
  const root: Tree = new Map();
  for (const { at, path } of mounts) {
    for (const place of document.scalars()) {
      if (startsWith(place.keyPath, path)) {
        put(root, [...at, ...place.keyPath.slice(path.length)], place.value);
      }
    }
  }
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
  return edits.map((edit) => {
    const path = pathInFile(mounts, edit.keyPath);
    const found = document.scalars().find(({ keyPath }) => path === pathText(keyPath));
    if (!found) {
      throw new WarRoomError(
        'values-key-missing',
        `${pathText(edit.keyPath)} is not set where the other settings are, so the file was left as it is; add it by hand.`,
      );
    }
    const place = document.scalar(found.keyPath);
    return {
      ...edit,
      keyPath: place.keyPath,
      before: place.source,
      after: inStyleOf(place, edit.after),
    };
  });
}

/** Of a position in a list the view says only its text. */
function pathInFile(mounts: readonly Mount[], keyPath: KeyPath): string | undefined {
  const mount = mounts.findLast(({ at }) => startsWith(keyPath.map(String), at.map(String)));
  return mount && pathText([...mount.path, ...keyPath.slice(mount.at.length)]);
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
