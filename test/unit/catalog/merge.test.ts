import { describe, expect, it } from 'vitest';

import { bundledEntries } from '../../../src/catalog/bundled';
import { programKey } from '../../../src/catalog/entry';
import { merge } from '../../../src/catalog/merge';
import { bundled, entryWith } from './facts';

const own = (name: string, packageName: string, version = 'latest') =>
  entryWith({
    name,
    origin: 'own',
    keywords: [name],
    program: { kind: 'npm', package: packageName, version, integrity: null, bin: null },
    environment: [{ name: 'TOKEN', description: '', required: true, secret: true }],
  });

describe('programKey', () => {
  it.each([
    ['pypi', 'MCP_Server.Git', 'pypi:mcp-server-git'],
    ['npm', '@Scope/Name', 'npm:@scope/name'],
  ] as const)('takes %s names as the registry does', (kind, name, key) => {
    const known = { package: name, version: '1.0.0', integrity: null };
    const program =
      kind === 'npm' ? { kind, ...known, bin: null } : { kind, ...known, command: null };
    expect(programKey(program)).toBe(key);
  });

  it.each([
    ['mcp/time:latest', 'oci:mcp/time'],
    ['docker.io/mcp/time@sha256:0123', 'oci:mcp/time'],
    ['localhost:5000/time:1', 'oci:localhost:5000/time'],
    ['localhost:5000/time', 'oci:localhost:5000/time'],
  ])('leaves tag and digest of %s out', (image, key) => {
    expect(programKey({ kind: 'oci', image })).toBe(key);
  });
});

describe('merge', () => {
  it('puts the person’s own entry in the place of the bundled one, with what is known of it', () => {
    const merged = merge([own('shop-db', '@bytebase/dbhub')], [bundled('postgres')], []);
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({
      name: 'shop-db',
      origin: 'own',
      publisher: 'Bytebase',
      program: bundled('postgres').program,
      looks: bundled('postgres').looks,
    });
    const required = merged[0]?.environment.filter((variable) => variable.required);
    expect(required?.map(({ name }) => name)).toEqual(['TOKEN']);
  });

  it('keeps the version that the person names', () => {
    const [entry] = merge([own('db', '@bytebase/dbhub', '0.9.0')], [bundled('postgres')], []);
    expect(entry?.program).toMatchObject({ version: '0.9.0', integrity: null });
  });

  it('tells apart which of two uses of a program the person means', () => {
    const merged = merge([own('mariadb', '@bytebase/dbhub')], bundledEntries, []);
    const mine = merged.filter(({ origin }) => origin === 'own');
    expect(mine[0]?.looks).toEqual(bundled('mariadb').looks);
    expect(merged.map(({ name }) => name)).toContain('postgres');
    expect(merged).toHaveLength(bundledEntries.length);
  });

  it('drops what registries list of a known program, and of two the second', () => {
    const found = [
      entryWith({ name: 'copy', program: bundled('redis').program }),
      entryWith({ name: 'zebra', origin: 'registry' }),
      entryWith({ name: 'zebra', origin: 'npm' }),
    ];
    const merged = merge([], [bundled('redis')], found);
    expect(merged.map(({ name, origin }) => [name, origin])).toEqual([
      ['redis', 'bundled'],
      ['zebra', 'registry'],
    ]);
  });

  it('gives every server a name of its own, and the known one keeps its', () => {
    const stranger = entryWith({ name: 'redis' });
    expect(merge([], [bundled('redis')], [stranger]).map(({ name }) => name)).toEqual([
      'redis',
      'redis-2',
    ]);
  });
});
