const headerBytes = 8;

/**
 * The text of an engine's log stream, which carries standard output and error in frames: one byte
 * for the stream, three of nothing, and the length as four bytes, big-endian.
 */
export function demultiplex(bytes: Buffer): string {
  const payloads: Buffer[] = [];
  let position = 0;
  while (position + headerBytes <= bytes.length) {
    const start = position + headerBytes;
    position = start + bytes.readUInt32BE(position + 4);
    payloads.push(bytes.subarray(start, position));
  }
  return Buffer.concat(payloads).toString('utf8');
}
