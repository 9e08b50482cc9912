import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { StreamFrames } from '../../../src/base/streamFrames';

/** A frame as an engine writes it. */
function frame(stream: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

const frames = fc.array(
  fc.record({ stream: fc.constantFrom(1, 2), payload: fc.uint8Array({ maxLength: 300 }) }),
  { maxLength: 20 },
);

/** What comes out when the bytes come in pieces of these sizes, in turn. */
function taken(bytes: Buffer, sizes: readonly number[]): Record<number, string> {
  const reader = new StreamFrames();
  const out: Record<number, Buffer[]> = { 1: [], 2: [] };
  let position = 0;
  for (let turn = 0; position < bytes.length; turn++) {
    const end = position + (sizes[turn % sizes.length] ?? 1);
    for (const { stream, payload } of reader.push(bytes.subarray(position, end))) {
      out[stream]?.push(payload);
    }
    position = end;
  }
  return Object.fromEntries(
    Object.entries(out).map(([stream, parts]) => [stream, Buffer.concat(parts).toString('hex')]),
  );
}

describe('the frames of a stream', () => {
  it('are the same wherever the bytes are cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(frames, sizes, (written, cuts) => {
        const bytes = Buffer.concat(written.map(({ stream, payload }) => frame(stream, payload)));
        const of = (wanted: number) =>
          Buffer.concat(
            written.filter(({ stream }) => stream === wanted).map(({ payload }) => payload),
          ).toString('hex');
        expect(taken(bytes, cuts)).toEqual({ 1: of(1), 2: of(2) });
      }),
    );
  });

  it('are handed on before they have come whole', () => {
    const reader = new StreamFrames();
    const bytes = frame(1, Buffer.from('half of it'));
    const [first] = [...reader.push(bytes.subarray(0, 12))];
    expect(first?.payload.toString()).toBe('half');
  });

  it.for([
    ['a stream that there is not', [4, 0, 0, 0, 0, 0, 0, 1]],
    ['padding that is not empty', [1, 0, 1, 0, 0, 0, 0, 1]],
    ['text', [...Buffer.from('{"jsonrpc"')]],
  ] as const)('are not seen in %s', ([, bytes]) => {
    const reader = new StreamFrames();
    expect(() => [...reader.push(Buffer.from(bytes))]).toThrow('not made of frames');
  });
});
