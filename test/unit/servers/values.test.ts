import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import type { Variable } from '../../../src/catalog/entry';
import { serverValues } from '../../../src/servers/values';
import { temporaryFolder } from '../../harness/temporary';
import { entryWith, kubeconfig, never } from './entries';

const key: Variable = {
  name: 'KEY_FILE',
  description: '',
  required: true,
  secret: true,
  isFile: true,
};
const kib = 1024;

describe('The values of a server', () => {
  it('hold the content of a file, given as a path or as itself', async () => {
    await using folder = await temporaryFolder('values');
    const path = join(folder.path, 'key.json');
    await writeFile(path, '{"key": 1}');
    for (const KEY_FILE of [path, '{"key": 1}']) {
      const { files, environment } = await serverValues(entryWith(key), { KEY_FILE }, null, never);
      expect({ files, environment }).toEqual({
        files: { KEY_FILE: '{"key": 1}' },
        environment: {},
      });
    }
  });

  it('are refused where a file is larger than one variable can hold', async () => {
    await using folder = await temporaryFolder('values');
    const path = join(folder.path, 'key.json');
    await writeFile(path, 'x'.repeat(120 * kib));
    const { files } = await serverValues(entryWith(key), { KEY_FILE: path }, null, never);
    expect(files['KEY_FILE']).toHaveLength(120 * kib);

    await writeFile(path, 'x'.repeat(120 * kib + 1));
    // Bytes count, and not characters.
    for (const KEY_FILE of [path, `{${'뷁'.repeat(40 * kib)}`]) {
      await expect(serverValues(entryWith(key), { KEY_FILE }, null, never)).rejects.toSatisfy(
        (error) =>
          WarRoomError.is(error, 'wrong-usage') &&
          error.message ===
            'The content for KEY_FILE has 121 KiB, and a server can be handed 120 KiB at most, so it was not started; give it less.',
      );
    }
  });

  it('say which file is not there', async () => {
    const given = { KEY_FILE: '/nowhere/key.json' };
    await expect(serverValues(entryWith(key), given, null, never)).rejects.toSatisfy((error) =>
      WarRoomError.is(error, 'not-found'),
    );
  });

  it('hold a kubeconfig that was made, as a file or as itself', async () => {
    await using folder = await temporaryFolder('values');
    const path = join(folder.path, 'config');
    await writeFile(path, kubeconfig);
    const before = process.env['KUBECONFIG'];
    process.env['KUBECONFIG'] = path;
    try {
      const file: Variable = { ...key, name: 'KUBECONFIG', mint: 'kubeconfig' };
      const text: Variable = { ...key, name: 'KUBECONFIG_YAML', isFile: false, mint: 'kubeconfig' };
      const made = await serverValues(entryWith(file, text), {}, 'sample', never);
      expect(made.files['KUBECONFIG']).toContain('sample');
      expect(made.environment['KUBECONFIG_YAML']).toContain('sample');
      expect(made.minted).toHaveLength(2);
      const given = { KUBECONFIG_YAML: 'kind: Config' };
      expect((await serverValues(entryWith(text), given, 'sample', never)).environment).toEqual(
        given,
      );
    } finally {
      if (before === undefined) delete process.env['KUBECONFIG'];
      else process.env['KUBECONFIG'] = before;
    }
  });
});
