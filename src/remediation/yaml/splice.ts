import { isDeepStrictEqual } from 'node:util';

import { WarRoomError } from '../../base/errors';

/** What stands from `start` to `end` of a text (UTF-16 indexes) or of a file (bytes) gives way to `text`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Two paths may name the same text through an alias: then both must want the same. */
export function distinct(splices: readonly Splice[]): Splice[] {
  const kept: Splice[] = [];
  for (const splice of splices.toSorted((a, b) => a.start - b.start)) {
    const previous = kept.at(-1);
    if (previous && isDeepStrictEqual(previous, splice) && splice.end > splice.start) continue;
    if (previous && previous.end > splice.start) {
      throw new WarRoomError(
        'values-ambiguous',
        'Two of the values share one text in the file (an alias) and would need different ones, so nothing was changed; give each its own value by hand.',
      );
    }
    kept.push(splice);
  }
  return kept;
}

/** The bytes with the splices made; they are in order and do not overlap. */
export function spliced(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const splice of splices) {
    pieces.push(bytes.subarray(at, splice.start), Buffer.from(splice.text, 'utf8'));
    at = splice.end;
  }
  return new Uint8Array(Buffer.concat([...pieces, bytes.subarray(at)]));
}

/** The same for text. */
export function splicedText(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const splice of splices) {
    pieces.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  return [...pieces, text.slice(at)].join('');
}
