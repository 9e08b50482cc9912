import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';

/** `category, level, sentence`: what developers wrote, or `none` where it leaves open what failed. */
const sentences = readFileSync(path.join(import.meta.dirname, 'ownWords.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((row) => {
    const [category = '', level = '', sentence = ''] = row.split('\t');
    return { category, level, sentence };
  });

function log(level: string, sentence: string) {
  return evidence(
    [
      '2026-11-22T10:00:00Z INFO order-api 4.2 starting',
      '2026-11-22T10:00:01Z INFO handled request 4411 in 12 ms',
      `2026-11-22T10:00:03Z ${level.toUpperCase()} ${sentence}`,
    ].join('\n'),
  );
}

describe("A developer's own words", () => {
  it.each(sentences.filter(({ category }) => category !== 'none'))(
    'tell $category: $sentence',
    ({ category, level, sentence }) => {
      const { category: told, rootCause } = analyse([log(level, sentence)]);
      expect(told).toBe(category);
      expect(rootCause?.evidence[0]?.text).toContain(sentence);
    },
  );

  it.each(sentences.filter(({ category }) => category === 'none'))(
    'tell no category with these: $sentence',
    ({ level, sentence }) => {
      expect(analyse([log(level, sentence)]).verdict).not.toBe('incident');
    },
  );

  it('are less sure than what a program is known to say', () => {
    const own = analyse([log('error', 'writes are rejected: volume at 100%')]);
    const known = analyse([log('error', 'write /data/7: no space left on device')]);
    expect(own.category).toBe('disk-full');
    expect(known.category).toBe('disk-full');
    expect(own.rootCause?.confidence).toBeLessThan(0.8);
    expect(known.rootCause?.confidence).toBeGreaterThan(own.rootCause?.confidence ?? 1);
  });

  it('are no cause where the program did it afterwards', () => {
    const text = [
      '2026-11-22T10:00:00Z WARN ledger gave no answer in 5 s, retrying',
      ...Array.from({ length: 8 }, (_, at) => `2026-11-22T10:00:1${at}Z INFO booked order ${at}`),
    ].join('\n');
    expect(analyse([evidence(text)]).verdict).toBe('no-incident');
  });
});
