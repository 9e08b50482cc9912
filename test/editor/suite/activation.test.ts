import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as vscode from 'vscode';

const root = join(__dirname, '..', '..', '..');
const largestAtActivation = 150 * 1024;

/** What happens before a person has asked for anything. */
describe('activation', () => {
  let loaded: readonly string[];

  before(async () => {
    await vscode.extensions.getExtension('war-room.war-room')?.activate();
    // Modules that the extension host has evaluated, of our folder and not of this suite.
    loaded = Object.keys(require.cache)
      .filter((file) => file.startsWith(join(root, 'dist') + sep))
      .map((file) => relative(join(root, 'dist'), file));
  });

  it('evaluates no bundle of ours but those that every window needs', () => {
    assert.deepEqual([...loaded].sort(), ['extension.js', 'window.js']);
  });

  it('evaluates at most 150 KB of our JavaScript', () => {
    const bytes = loaded
      .map((file) => statSync(join(root, 'dist', file)).size)
      .reduce((sum, size) => sum + size, 0);
    assert.ok(bytes > 0, 'something of ours is loaded');
    assert.ok(bytes <= largestAtActivation, `${bytes} bytes were evaluated`);
  });

  it('registers every command of the manifest', async () => {
    const extension = vscode.extensions.getExtension('war-room.war-room');
    const { contributes } = extension?.packageJSON as Manifest;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('gives every setting its default', () => {
    const extension = vscode.extensions.getExtension('war-room.war-room');
    const { contributes } = extension?.packageJSON as Manifest;
    const settings = Object.entries(contributes.configuration.properties);
    assert.ok(settings.length > 0);
    for (const [name, { default: value }] of settings) {
      assert.deepEqual(vscode.workspace.getConfiguration().get(name), value, name);
    }
  });
});

/** The part of the manifest that is read here. */
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly default: unknown }>>;
    };
  };
}
