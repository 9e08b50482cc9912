import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import { bundledEntries } from '../../../src/catalog/bundled';
import type { Program } from '../../../src/incident/program';
import type { CatalogueEntry, Variable } from '../../../src/catalog/entry';
import { terminalHost } from '../../../src/cli/host';
import type { PackageFacts, PackageProgram } from '../../../src/pool/images/fetchedPackage';
import { noOptions, type AdHocOptions } from '../../../src/servers/adHoc';
import { Preparation } from '../../../src/servers/preparation';
import { temporaryFolder, type TemporaryFolder } from '../../harness/temporary';
import { entryWith, kubeconfig, never } from './entries';

const holder = { id: 'call', context: 'sample' };
const image = `example/server@sha256:${'0a'.repeat(32)}`;
const file: Variable = {
  ...{ name: 'KEY_FILE', description: '', required: false, secret: true, isFile: true },
};

let folder: TemporaryFolder;
let before: string | undefined;

beforeEach(async () => {
  folder = await temporaryFolder('preparation');
  const path = join(folder.path, 'config');
  await writeFile(path, kubeconfig);
  before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = path;
});

afterEach(async () => {
  if (before === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = before;
  await folder.remove();
});

/** What the registry was asked for. */
const described: PackageProgram[] = [];

/** Over these servers, and a registry that knows one version of everything. */
function preparation(entries: readonly CatalogueEntry[] = bundledEntries): Preparation {
  const describe = (program: PackageProgram): Promise<PackageFacts> => {
    described.push(program);
    return Promise.resolve({
      ...{ package: program.package, version: '2.0.1', integrity: 'sha512-two' },
      ...{ publisher: 'example', packages: 1, needsBuild: [] },
    });
  };
  return new Preparation(
    terminalHost(folder.path, false),
    { images: () => Promise.resolve({ describe }) },
    {
      get: (name) => Promise.resolve(entries.find((entry) => entry.name === name)),
      list: () => Promise.resolve({ entries, notes: [] }),
      ownValues: () => ({ KEY_FILE: '{"key": 1}' }),
    },
  );
}

const refused = (said: RegExp) => (error: unknown) =>
  WarRoomError.is(error) && said.test(error.message);

describe('A server that is handed files', () => {
  it.each(['kubernetes', 'helm', 'kubernetes-cli'])(
    '%s gets what is made for it in a container, and is refused as a process',
    async (name) => {
      const { request } = await preparation().prepare(name, holder, {}, never);
      expect(request).toMatchObject({ runtime: 'docker', place: 'sample' });
      expect(JSON.stringify(request.environment)).toContain('cluster.example');
      await expect(
        preparation().prepare(name, holder, { runtime: 'process', adHoc: noOptions }, never),
      ).rejects.toSatisfy(
        refused(/was not started: what KUBECONFIG\w* holds is made for its container/),
      );
    },
  );

  it('is refused before its kubeconfig is made', async () => {
    process.env['KUBECONFIG'] = join(folder.path, 'none');
    const how = { runtime: 'process', adHoc: noOptions } as const;
    await expect(preparation().prepare('kubernetes', holder, how, never)).rejects.toSatisfy(
      refused(/leave --runtime out/),
    );
  });

  it('is refused as an image of others, but for a file that nobody gave', async () => {
    const entry = (variable: Variable): CatalogueEntry => ({
      ...entryWith(variable),
      program: { kind: 'oci', image },
    });
    const asked = (variable: Variable) =>
      preparation([entry(variable)]).prepare('server', holder, {}, never);
    await expect(asked(file)).rejects.toSatisfy(
      refused(/image of others, which cannot be handed the file of KEY_FILE/),
    );
    const { request } = await asked({ ...file, name: 'OTHER_FILE' });
    expect(request.environment).toEqual({});
  });

  it('is asked about with its image and its command', async () => {
    const { leave } = await preparation().prepare('kubernetes', holder, {}, never);
    expect(leave).toMatchObject({ image: 'node:24-slim', environment: ['KUBECONFIG'] });
    const { leave: helm } = await preparation().prepare('helm', holder, {}, never);
    expect(helm).toMatchObject({ image: 'python:3.13-slim' });
  });
});

describe('A server of an mcp.json', () => {
  it('is asked about with what the file says, and again when that changes', async () => {
    const variable = { name: 'KEY_OF', description: '', required: false, secret: false };
    const ask = async (usual: string) => {
      const entry = entryWith({ ...variable, default: usual });
      return (await preparation([entry]).prepare('server', holder, {}, never)).leave;
    };
    const leave = await ask('./evil.js');
    expect(leave?.environment).toEqual(['KEY_OF=./evil.js']);
    expect((await ask('./other.js'))?.key).not.toBe(leave?.key);
    expect((await ask('./evil.js'))?.key).toBe(leave?.key);
  });
});

describe('A package without an exact version', () => {
  const newest = { version: '2.0.1', integrity: 'sha512-two' };

  it('that a person names is the one that its registry means', async () => {
    const how = { runtime: 'auto', adHoc: noOptions } as const;
    const { request, leave } = await preparation([]).prepare('npm:foo', holder, how, never);
    expect(described.at(-1)).toMatchObject({ package: 'foo', version: 'latest' });
    expect(request.spec.program).toEqual({ kind: 'npm', package: 'foo', bin: null, ...newest });
    expect(leave).toMatchObject({ program: 'npm:foo@2.0.1', integrity: 'sha512-two' });
  });

  it('of the own mcp.json is the one that its registry means', async () => {
    const program: Program = {
      kind: 'pypi',
      package: 'foo',
      version: 'latest',
      integrity: null,
      command: 'foo-stdio',
    };
    const own = [{ ...entryWith(), program }];
    const { request, leave } = await preparation(own).prepare('server', holder, {}, never);
    expect(request.spec.program).toEqual({ ...program, ...newest });
    expect(leave).toMatchObject({ program: 'pypi:foo@2.0.1', command: 'foo-stdio' });
  });
});

describe('A server that the catalogue knows', () => {
  it.each(['redis', 'pypi:redis-mcp-server', 'stats'])(
    '%s gets the variables that it declares, and more is refused',
    async (name) => {
      const asked = (more: Partial<AdHocOptions>) =>
        preparation().prepare(name, holder, { adHoc: { ...noOptions, ...more } }, never);
      const [variable = ''] = name === 'stats' ? ['WAR_ROOM_STATS_URL'] : ['REDIS_URL'];
      const { request } = await asked({ environment: [variable] });
      expect(request.spec.environment).toContain(variable);
      const more = [
        { environment: ['OTHER'] },
        { hosts: ['example.com:443'] },
        { args: ['--write'] },
      ];
      for (const each of more) {
        await expect(asked(each)).rejects.toSatisfy(refused(/gets only what is declared there/));
      }
    },
  );

  it('by its package, without an exact version, is the one that its registry means', async () => {
    const program: Program = {
      ...entryWith().program,
      ...{ kind: 'npm', package: 'foo', version: 'latest', integrity: null, bin: null },
    };
    const how = { adHoc: noOptions };
    const own = [{ ...entryWith(), program }];
    const { request } = await preparation(own).prepare('npm:foo', holder, how, never);
    expect(request.spec).toMatchObject({ name: 'server', program: { version: '2.0.1' } });
  });
});
