import { expect, it } from 'vitest';

import { protectedNamespacesOf, valuesFilesOf } from '../../../src/cli/folderSettings';
import { temporaryFolder } from '../../harness/temporary';
import { writeFiles } from '../remediation/files';

it.each([
  [
    '{ // by hand\n "warRoom.valuesFiles": { "shop": "a/values.yaml", "cart": 1 }, }',
    { shop: 'a/values.yaml' },
  ],
  ['{ "warRoom.valuesFiles": ["a"] ', {}],
  ['[]', {}],
])('reads what was chosen before from %s', async (text, expected) => {
  await using folder = await temporaryFolder('settings');
  await writeFiles(folder.path, { '.vscode/settings.json': text });
  expect(valuesFilesOf(folder.path)).toEqual(expected);
});

it.each([
  ['{ "warRoom.protectedNamespaces": ["prod", "kube-system", 1] }', 'prod,kube-system'],
  ['{ "warRoom.protectedNamespaces": [] }', ','],
  ['{ "warRoom.protectedNamespaces": "prod" }', undefined],
  ['{}', undefined],
])('reads which namespaces are protected from %s', async (text, expected) => {
  await using folder = await temporaryFolder('settings');
  await writeFiles(folder.path, { '.vscode/settings.json': text });
  const { WAR_ROOM_PROTECTED_NAMESPACES } = protectedNamespacesOf(folder.path);
  expect(WAR_ROOM_PROTECTED_NAMESPACES).toBe(expected);
});

it('finds nothing where no settings are', async () => {
  await using folder = await temporaryFolder('no settings');
  expect(valuesFilesOf(folder.path)).toEqual({});
});
