import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';

/**
 * Texts that are collected of one incident: `### title | category or verdict, or another that is
 * right as well`, then each text behind `@@ name of its file`.
 */
const sets = readFileSync(path.join(import.meta.dirname, 'together.txt'), 'utf8')
  .split(/^### /m)
  .slice(1)
  .map((part) => {
    const [head = '', ...files] = part.split(/^@@ /m);
    const [title = '', answers = ''] = head.trim().split(' | ');
    return { title, answers: answers.split(','), texts: files.map(textOf) };
  });

function textOf(file: string) {
  const [name = '', ...lines] = file.trimEnd().split('\n');
  return evidence(lines.join('\n'), name);
}

describe('Texts of one incident', () => {
  it.each(sets)('are read together: $title', ({ answers, texts }) => {
    const { verdict, category } = analyse(texts);
    expect(answers).toContain(category ?? verdict);
  });
});
