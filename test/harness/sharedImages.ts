import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { testCache } from './paths';

/**
 * Lets War Room find, in this empty data folder, the images of servers that tests have had made
 * before, and keep there what it makes. To make one takes half a minute, which is tried by the
 * tests of images; all others only want the server. War Room itself keeps them within its limits.
 */
export async function shareImages(dataFolder: string): Promise<void> {
  const images = join(testCache(), 'images');
  await mkdir(images, { recursive: true, mode: 0o700 });
  await mkdir(dataFolder, { recursive: true });
  await symlink(images, join(dataFolder, 'images'));
}
