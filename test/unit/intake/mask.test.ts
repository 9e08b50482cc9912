import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockKinds,
  containsSecret,
  maskLine,
  maskLines,
  maskRules,
  maskText,
} from '../../../src/intake/masking/mask';
import { harmless, secretSamples } from './secrets';

const kinds = [...new Set([...maskRules.map((rule) => rule.kind), ...blockKinds])];

describe('maskText', () => {
  it.each(secretSamples.map((sample) => [sample.kind, sample] as const))(
    'masks %s',
    (kind, sample) => {
      const masked = maskText(sample.text);
      for (const secret of sample.secrets) expect(masked).not.toContain(secret);
      for (const kept of sample.kept ?? []) expect(masked).toContain(kept);
      expect(masked).toContain(`[masked ${kind}]`);
      expect(containsSecret(sample.text)).toContain(kind);
    },
  );

  it.each(harmless)('leaves alone: %s', (line) => {
    expect(maskText(line)).toBe(line);
    expect(containsSecret(line)).toEqual([]);
  });

  it('has a sample of every kind, and every kind is documented', () => {
    const sampled = new Set(secretSamples.map((sample) => sample.kind));
    expect(kinds.filter((kind) => !sampled.has(kind))).toEqual([]);
    expect(kinds.length).toBeGreaterThanOrEqual(40);
    const documented = readFileSync(join(import.meta.dirname, '../../../docs/masking.md'), 'utf8');
    expect(kinds.filter((kind) => !documented.includes(`\`${kind}\``))).toEqual([]);
  });

  it('does not take the line behind a masked key of one line for a part of it', () => {
    const once = maskText(
      '"private_key": "-----BEGIN PRIVATE KEY-----[masked private-key]"\npassword=',
    );
    expect(once.split('\n')[1]).toBe('password=');
  });

  it('changes nothing the second time, whatever stands together', () => {
    const part = fc.oneof(
      fc.constantFrom(...secretSamples.map((sample) => sample.text), ...harmless),
      fc.string(),
      fc.constantFrom(
        'password=',
        'token: ',
        '"',
        "'",
        '://',
        '@',
        'Bearer ',
        '[masked password]',
        '\\',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.constantFrom(' ', '', '\n', ', '),
        (parts, glue) => {
          const once = maskText(parts.join(glue));
          expect(maskText(once)).toBe(once);
          expect(containsSecret(once)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps the number of lines and their ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...secretSamples.map((sample) => sample.text)), { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        (texts, lineEnd) => {
          const text = texts.join('\n').replace(/\n/g, lineEnd);
          expect(maskText(text).split(/\r?\n/).length).toBe(text.split(/\r?\n/).length);
          expect(maskText(text).split(lineEnd).length).toBe(text.split(lineEnd).length);
        },
      ),
    );
  });

  it('does not take lines apart by a gap for one block', async () => {
    const [key] = secretSamples.filter((sample) => sample.kind === 'private-key');
    const [before, begin] = (key?.text ?? '').split('\n');
    const masked = await maskLines([
      { number: 1, text: before ?? '' },
      { number: 2, text: begin ?? '' },
      { number: 90, text: 'OutOfMemoryError' },
    ]);
    expect(masked.map((line) => line.text)).toEqual([before, begin, 'OutOfMemoryError']);
  });

  it('finds what is one word to each rule in a hostile line', () => {
    const pieces = [
      'password=',
      'password="',
      'password: \\"',
      'eyJ',
      '-eyJ',
      '://a:',
      'a://',
      'curl -u ',
      'Bearer ',
      'secret_key=',
      'sk-',
      'data":{',
      '"name":"token","value":',
      '1234 ',
      '4111 1111 ',
      '-----BEGIN PRIVATE KEY-----',
      'cookie:',
      'password for ',
      'the password is ',
      'mysql -p',
      ' --password ',
      'authorization: ',
      'ya29.',
      'A.',
      'MTa',
      '\\\\\\',
      'aaaa',
      '    ',
    ];
    for (const piece of pieces) {
      const line = piece.repeat(Math.ceil(1_000_000 / piece.length));
      expect(maskLine(line).length).toBeGreaterThan(0);
    }
  }, 300_000);
});
