import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { projectRoot } from '../../harness/paths';

/**
 * The folder for pictures of the screen: docs/images where WAR_ROOM_SCREENSHOTS is set, else none,
 * since they prove nothing and cost a third of a test's time.
 */
export async function pictureFolder(): Promise<string | undefined> {
  if (!process.env['WAR_ROOM_SCREENSHOTS']) return undefined;
  const folder = join(projectRoot, 'docs', 'images');
  await mkdir(folder, { recursive: true });
  return folder;
}
