import path from 'node:path';
import * as vscode from 'vscode';
import { Emitter } from '../../base/emitter';
import type { PoolFace } from './face';

/** As the manifest names it. */
export const providerId = 'warRoom.servers';
/** What comes with War Room is always offered. */
const bundled: readonly string[] = ['stats', 'kubectl', 'logs'];

/** Where an offered server is started from. */
export interface OfferPlace {
  /** The command line of this extension, `dist/cli.js`. */
  cli: string;
  /** The folder whose settings and incidents count, or undefined. */
  folder: vscode.Uri | undefined;
  version: string;
}

/**
 * Offers the pool's servers to the agents of the editor, where it has any. Each is started through
 * `war-room call --stdio`, so that the pool's limit and the leave to start hold for agents too.
 */
export function offerMcpServers(context: vscode.ExtensionContext, face: PoolFace): void {
  // Editors that are built on VS Code may lack it.
  const lm: Partial<typeof vscode.lm> | undefined = vscode.lm;
  if (!lm?.registerMcpServerDefinitionProvider) return;
  const changes = new Emitter<void>();
  let offered = '';
  context.subscriptions.push(
    face.onDidChangePool(() => {
      const names = offeredNames(face).join();
      if (names === offered) return;
      offered = names;
      changes.fire();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changes.fire()),
    lm.registerMcpServerDefinitionProvider(providerId, {
      onDidChangeMcpServerDefinitions: changes.event,
      provideMcpServerDefinitions: () =>
        vscode.workspace.isTrusted ? definitions(offeredNames(face), placeOf(context)) : [],
    }),
  );
}

/** The definitions of servers by their names in the catalogue. */
export function definitions(
  names: readonly string[],
  { cli, folder, version }: OfferPlace,
): vscode.McpStdioServerDefinition[] {
  return names.map((name) => {
    const definition = new vscode.McpStdioServerDefinition(
      `War Room: ${name}`,
      // On the desktop this is Electron, which is a Node only when told so.
      process.execPath,
      [cli, 'call', name, '--stdio'],
      { ELECTRON_RUN_AS_NODE: '1' },
      version,
    );
    definition.cwd = folder;
    return definition;
  });
}

function offeredNames(face: PoolFace): readonly string[] {
  const running = face.poolStatus()?.servers.map(({ server }) => server) ?? [];
  return [...new Set([...bundled, ...running])];
}

function placeOf({ extensionPath, extension }: vscode.ExtensionContext): OfferPlace {
  return {
    cli: path.join(extensionPath, 'dist', 'cli.js'),
    folder: vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri,
    version: String((extension.packageJSON as { version: unknown }).version),
  };
}
