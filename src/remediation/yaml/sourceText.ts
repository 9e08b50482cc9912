import { WarRoomError } from '../../base/errors';

/** A file's text with the way back from a place in the text to a place in the bytes. */
export interface SourceText {
  /** Without a byte order mark. Bytes that are not UTF-8 stand as U+FFFD, one for each byte. */
  text: string;
  /** Byte offset in the file of a UTF-16 index in `text`. */
  byteAt(index: number): number;
}

/** More than any values file that a person wrote. */
const maximumBytes = 5 * 1024 * 1024;

/**
 * Decodes a values file. The text may be lossy where bytes are not UTF-8 (Latin-1 in a comment, for
 * example), so it is only ever used to find places: what is kept is kept as bytes.
 * @throws code `values-unparsable` for UTF-16, binary content and files over 5 MiB
 */
export function decodeSource(bytes: Uint8Array): SourceText {
  if (bytes.length > maximumBytes) throw unreadable('is larger than 5 MiB');
  if (bytes.includes(0)) throw unreadable('is binary or UTF-16 (save it as UTF-8)');
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const offsets = new Uint32Array(bytes.length - start + 1);
  const pieces: string[] = [];
  let index = 0;
  for (let at = start; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    const piece = decodeSequence(bytes, at, length);
    for (let unit = 0; unit < piece.length; unit++) offsets[index++] = at;
    pieces.push(piece);
    at += length;
  }
  offsets[index] = bytes.length;
  return { text: pieces.join(''), byteAt: (place) => offsets[place] ?? bytes.length };
}

/** Length of the well-formed UTF-8 sequence at `at`; 1 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
  if (length === 1) return 1;
  const decoded = Buffer.from(bytes.subarray(at, at + length)).toString('utf8');
  return decoded.includes('\uFFFD') && !isReplacementCharacter(bytes, at) ? 1 : length;
}

function decodeSequence(bytes: Uint8Array, at: number, length: number): string {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return String.fromCharCode(lead);
  return length === 1 ? '\uFFFD' : Buffer.from(bytes.subarray(at, at + length)).toString('utf8');
}

function isReplacementCharacter(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
}

function unreadable(why: string): WarRoomError {
  return new WarRoomError(
    'values-unparsable',
    `The values file ${why}, so it was left as it is; apply the change by hand.`,
  );
}
