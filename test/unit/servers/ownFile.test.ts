import { afterEach, expect, it, vi } from 'vitest';

import { bundledEntries } from '../../../src/catalog/bundled';
import { OwnServers } from '../../../src/catalog/sources/ownServers';
import { addToOwnFile, ownFile } from '../../../src/servers/ownFile';
import { temporaryFolder } from '../../harness/temporary';

afterEach(() => vi.unstubAllEnvs());

it('a server with variables in its arguments is read as it was found', async () => {
  await using folder = await temporaryFolder('own-file');
  vi.stubEnv('WAR_ROOM_DATA', folder.path);
  const found = bundledEntries.find(({ name }) => name === 'jenkins');
  if (!found) throw new Error('There is no such server in the list.');
  await addToOwnFile(found);
  const { entries, notes } = await new OwnServers(() => [ownFile()]).search(
    '',
    AbortSignal.timeout(5_000),
  );
  expect(notes).toEqual([]);
  expect(entries).toMatchObject([
    { name: 'jenkins', args: found.args, program: { kind: 'pypi', package: 'mcp-jenkins' } },
  ]);
});
