import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';

import { expect, it } from 'vitest';

import { ImageFolder } from '../../../../src/pool/images/imageFolder';
import { temporaryFolder } from '../../../harness/temporary';

it('is the same folder over a link, with work folders that are on no link', async () => {
  await using temporary = await temporaryFolder('images');
  const real = path.join(temporary.path, 'real');
  const link = path.join(temporary.path, 'link');
  await mkdir(real);
  await symlink(real, link);
  const [straight, linked] = [new ImageFolder(real), new ImageFolder(link)];
  expect(await linked.label()).toBe(await straight.label());
  const parent = await linked.withWorkFolder((folder) => Promise.resolve(path.dirname(folder)));
  expect(parent).toBe(path.join(real, 'work'));
});
