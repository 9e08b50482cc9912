import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { markOf, protocolMark } from '../../../../src/pool/share/protocol';

describe('the mark of the protocol', () => {
  it('is another one when a message has one more part, deep inside as well', () => {
    const schema = (more: z.ZodRawShape) => z.object({ inner: z.array(z.object(more)) });
    const before = markOf([schema({ a: z.string() })]);
    expect(markOf([schema({ a: z.string() })])).toBe(before);
    expect(markOf([schema({ a: z.string(), b: z.number() })])).not.toBe(before);
    expect(markOf([schema({ a: z.string().nullable() })])).not.toBe(before);
  });

  it('is part of a file name', () => {
    expect(protocolMark()).toMatch(/^[0-9a-f]{8}$/);
  });
});
