import { isUtf8 } from 'node:buffer';
import { WarRoomError } from '../base/errors';

/** How the bytes of a log are to be read. */
export interface Encoding {
  name: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Length of the byte order mark, to be skipped. */
  markBytes: number;
  /** 13 in a text that knows only CR, else 10. */
  lineEndByte: 10 | 13;
  /** What a person should know, in sentences. */
  notes: readonly string[];
}

/** As much of the start as {@link detectEncoding} wants to see. */
export const SAMPLE_BYTES = 64 * 1024;

/**
 * @param sample the first bytes, at most {@link SAMPLE_BYTES} of them
 * @param label names the log in the error
 * @throws code `binary-log`
 */
export function detectEncoding(sample: Uint8Array, label: string): Encoding {
  const mark = MARKS.find(({ bytes }) => bytes.every((byte, index) => sample[index] === byte));
  const name = mark?.name ?? utf16ByZeros(sample) ?? 'utf-8';
  const markBytes = mark?.bytes.length ?? 0;
  if (name !== 'utf-8') {
    const notes = [`The log is ${name.toUpperCase()} and was read as such.`];
    return { name, markBytes, lineEndByte: 10, notes };
  }
  refuseBinary(sample, label);
  const crOnly = sample.includes(13) && !sample.includes(10);
  return {
    name,
    markBytes,
    lineEndByte: crOnly ? 13 : 10,
    notes: utf8Notes(sample),
  };
}

/** Decodes a whole text; bytes that do not fit become U+FFFD. */
export function decodeAll(bytes: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding.name).decode(bytes.subarray(encoding.markBytes));
}

/** Turns UTF-16 chunks into UTF-8 ones; UTF-8 passes as it is, without its mark. */
export async function* toUtf8(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Uint8Array> {
  const decoder = encoding.name === 'utf-8' ? null : new TextDecoder(encoding.name);
  let skip = decoder ? 0 : encoding.markBytes;
  for await (const chunk of chunks) {
    const rest = skip > 0 ? chunk.subarray(skip) : chunk;
    skip = Math.max(0, skip - chunk.length);
    yield decoder ? Buffer.from(decoder.decode(rest, { stream: true })) : rest;
  }
  if (decoder) yield Buffer.from(decoder.decode());
}

const MARKS = [
  { name: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { name: 'utf-16le', bytes: [0xff, 0xfe] },
  { name: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;

/** Mostly ASCII in UTF-16 has a zero in every other byte. */
function utf16ByZeros(sample: Uint8Array): Encoding['name'] | null {
  let even = 0;
  let odd = 0;
  sample.forEach((byte, index) => {
    if (byte !== 0) return;
    if (index % 2 === 0) even++;
    else odd++;
  });
  const pairs = sample.length / 2;
  if (odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.4 && odd < pairs * 0.05) return 'utf-16be';
  return null;
}

const SIGNATURES: readonly { what: string; bytes: readonly number[] }[] = [
  { what: 'a gzip archive', bytes: [0x1f, 0x8b] },
  { what: 'a zip archive', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { what: 'a Zstandard archive', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { what: 'an xz archive', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { what: 'a bzip2 archive', bytes: [0x42, 0x5a, 0x68] },
  { what: 'a systemd journal', bytes: [0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48] },
];

/** Of a text, fewer bytes than this are control characters; of random bytes, one in ten. */
const CONTROL_SHARE = 0.04;
/** A short selection may hold a few all the same. */
const CONTROLS_ALLOWED = 8;
const TEXT_CONTROLS = new Set([8, 9, 10, 12, 13, 27]);

function refuseBinary(sample: Uint8Array, label: string): void {
  const signature = SIGNATURES.find(({ bytes }) =>
    bytes.every((byte, index) => sample[index] === byte),
  );
  let controls = 0;
  for (const byte of sample)
    if ((byte < 32 && !TEXT_CONTROLS.has(byte)) || byte === 127) controls++;
  const binary = controls > Math.max(CONTROLS_ALLOWED, sample.length * CONTROL_SHARE);
  if (!binary && !(signature && !isUtf8(sample))) return;
  throw new WarRoomError(
    'binary-log',
    `${label} is ${signature?.what ?? 'a binary file'}, not text, so nothing was read; ` +
      `${signature ? 'unpack it or export it as text' : 'choose a text log'} and try again.`,
  );
}

function utf8Notes(sample: Uint8Array): string[] {
  // The sample may end within a character.
  const whole = [0, 1, 2, 3].some((cut) => isUtf8(sample.subarray(0, sample.length - cut)));
  return whole ? [] : ['Bytes that are not UTF-8 were replaced by U+FFFD.'];
}
