import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { projectRoot } from '../../harness/paths';

const folder = join(projectRoot, 'src', 'editor');

function json(file: string): Record<string, string> {
  return JSON.parse(readFileSync(join(projectRoot, file), 'utf8')) as Record<string, string>;
}

function files(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
}

/** Texts that the editor's surfaces hand to the editor's translation. */
function texts(): string[] {
  const call = /\b(?:t|translate)\(\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/g;
  return files().flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(call)].map(([, literal = '']) =>
      literal.slice(1, -1).replaceAll("\\'", "'"),
    ),
  );
}

function places(text: string): string[] {
  return [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).sort();
}

test('every text that is handed to the translation is there in Korean, and no other', () => {
  const korean = json('l10n/bundle.l10n.ko.json');
  expect(Object.keys(korean).sort()).toEqual([...new Set(texts())].sort());
});

test('a Korean text takes the same values', () => {
  for (const [text, korean] of Object.entries(json('l10n/bundle.l10n.ko.json'))) {
    expect(places(korean), text).toEqual(places(text));
  }
});

test('the manifest has each of its texts in both languages', () => {
  const manifest = readFileSync(join(projectRoot, 'package.json'), 'utf8');
  const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');
  const expected = [...new Set(used)].sort();
  expect(Object.keys(json('package.nls.json')).sort()).toEqual(expected);
  expect(Object.keys(json('package.nls.ko.json')).sort()).toEqual(expected);
});
