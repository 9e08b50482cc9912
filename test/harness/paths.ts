import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The checkout that the tests belong to. */
export const projectRoot = resolve(__dirname, '..', '..');

/** The repository with charts and logs that demo, tests and `npm start` open a copy of. */
export const sampleRepository = join(projectRoot, 'media', 'sample');

/** Where tests keep what is costly to get again. */
export function testCache(): string {
  const cache = process.env['XDG_CACHE_HOME'];
  return join(cache ? cache : join(homedir(), '.cache'), 'war-room-test');
}
