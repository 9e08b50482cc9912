import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { categories } from '../../../../src/incident/category';
import { fixes } from '../../../../src/remediation/fixes';
import { suspects } from '../../../../src/remediation/fixes/revert';
import { projectRoot } from '../../../harness/paths';

it('docs/fixes.md says of every category what the code does', async () => {
  const page = await readFile(join(projectRoot, 'docs', 'fixes.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)` +\| (edit|revert|advice) +\| \S/gm)];
  const told = Object.fromEntries(rows.map(([, slug = '', what]) => [slug, what] as const));
  const done = Object.fromEntries(
    Object.keys(categories).map((slug) => [
      slug,
      slug in fixes ? 'edit' : slug in suspects ? 'revert' : 'advice',
    ]),
  );
  expect(told).toEqual(done);
  expect(Object.values(done).filter((what) => what === 'edit').length).toBeGreaterThanOrEqual(30);
});
