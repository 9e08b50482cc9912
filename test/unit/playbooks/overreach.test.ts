import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';

/**
 * Texts that hold a phrase of a failure which did not happen (`none`), was another, or leaves open
 * which it was (`undecided`); `### title | category`.
 */
const cases = readFileSync(path.join(import.meta.dirname, 'overreach.txt'), 'utf8')
  .split(/^### /m)
  .slice(1)
  .map((part) => {
    const [head = '', ...lines] = part.trimEnd().split('\n');
    const [title = '', category = ''] = head.split(' | ');
    return { title, category, text: lines.join('\n') };
  });

describe('A phrase of a failure', () => {
  it.each(cases.filter(({ category }) => category === 'none'))(
    'is none where nothing failed: $title',
    ({ text }) => {
      expect(analyse([evidence(text)]).verdict).not.toBe('incident');
    },
  );

  it.each(cases.filter(({ category }) => category === 'undecided'))(
    'is no reason to say that all is well: $title',
    ({ text }) => {
      expect(analyse([evidence(text)]).verdict).toBe('insufficient-evidence');
    },
  );

  it.each(cases.filter(({ category }) => category !== 'none' && category !== 'undecided'))(
    'does not hide the cause: $title',
    ({ category, text }) => {
      expect(analyse([evidence(text)]).category).toBe(category);
    },
  );
});
