import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What decides where a person's data lies; a test hands in its own. */
export interface Surroundings {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  home: string;
}

/** The machine's own. */
export function surroundings(): Surroundings {
  return { platform: process.platform, env: process.env, home: homedir() };
}

/** `<user data>/war-room`, absolute; `WAR_ROOM_DATA` names another folder. */
export function dataFolder({ platform, env, home }: Surroundings): string {
  const own = env['WAR_ROOM_DATA'];
  if (own) return own;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'war-room');
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'war-room');
  }
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'war-room');
}

/**
 * The folder that holds the incidents of one repository, the same for the editor and the command
 * line whatever way the path was written.
 * @param root root of the repository; without one the workspace folder; null without either
 */
export async function storeFolder(
  root: string | null,
  around: Surroundings = surroundings(),
): Promise<string> {
  const place = root === null ? 'none' : await realpath(root);
  const name = createHash('sha256').update(place).digest('hex').slice(0, 16);
  return join(dataFolder(around), name);
}
