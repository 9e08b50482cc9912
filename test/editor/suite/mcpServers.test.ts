import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import * as vscode from 'vscode';

import { definitions, providerId } from '../../../src/editor/pool/mcpServers';

const root = join(__dirname, '..', '..', '..');

/** What the editor's own agents are offered. */
describe('the MCP servers that are offered', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const offer = (name: string) => {
    const [definition] = definitions([name], {
      cli: join(root, 'dist', 'cli.js'),
      folder,
      version: '1.0.0',
    });
    assert.ok(definition);
    return definition;
  };

  it('belong to the provider that the manifest names', () => {
    const extension = vscode.extensions.getExtension('war-room.war-room');
    const { contributes } = extension?.packageJSON as Manifest;
    assert.deepEqual(
      contributes.mcpServerDefinitionProviders.map(({ id }) => id),
      [providerId],
    );
  });

  it('are started through the command line, which keeps limit and leave', () => {
    const definition = offer('stats');
    assert.ok(definition instanceof vscode.McpStdioServerDefinition);
    assert.equal(definition.command, process.execPath);
    assert.deepEqual(definition.args.slice(1), ['call', 'stats', '--stdio']);
    assert.equal(definition.env['ELECTRON_RUN_AS_NODE'], '1');
    assert.equal(definition.cwd?.fsPath, folder?.fsPath);
  });

  it('serve their tools to any client that starts them so', async function () {
    this.timeout(120_000);
    const { command, args, env, cwd } = offer('stats');
    const inherited = Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    const transport = new StdioClientTransport({
      command,
      args,
      env: { ...Object.fromEntries(inherited), ...(env as Record<string, string>) },
      cwd: cwd?.fsPath,
    });
    const client = new Client({ name: 'agent', version: '1.0.0' });
    try {
      await client.connect(transport, { timeout: 60_000 });
      const { tools } = await client.listTools();
      assert.ok(tools.map(({ name }) => name).includes('get_system_stats'));
    } finally {
      await client.close();
    }
  });
});

/** The part of the manifest that is read here. */
interface Manifest {
  readonly contributes: {
    readonly mcpServerDefinitionProviders: readonly { readonly id: string }[];
  };
}
