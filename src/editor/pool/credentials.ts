import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { translate as t } from '../translate';

/** A value that a server needs and only a person can give. */
export interface NeededValue {
  /** Name in the catalogue. */
  server: string;
  /** Name of the variable. */
  variable: string;
  /** What it is for, in one sentence. */
  description: string;
  isSecret: boolean;
}

const namesKey = 'warRoom.serverValues';

/**
 * Values that servers of this workspace need: kept in the editor's secret storage, asked for once.
 * Only the names of what is kept lie in the workspace's state.
 */
export class ServerCredentials {
  /** What a person did not want to give in this window is not asked for again. */
  private readonly declined = new Set<string>();

  constructor(
    private readonly context: Pick<vscode.ExtensionContext, 'secrets' | 'workspaceState'>,
  ) {}

  /** The kept values of these variables of a server; those without one are left out. */
  async values(server: string, variables: readonly string[]): Promise<Record<string, string>> {
    const entries = await Promise.all(
      variables.map(async (variable) => {
        const value = await this.context.secrets.get(secretKey(server, variable));
        return value === undefined ? [] : [[variable, value] as const];
      }),
    );
    return Object.fromEntries(entries.flat());
  }

  /** The values of what a server needs; what is not kept yet is asked for and then kept. */
  async request(needed: readonly NeededValue[]): Promise<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const each of needed) {
      const value = (await this.kept(each)) ?? (await this.askOnce(each));
      if (value !== undefined) values[each.variable] = value;
    }
    return values;
  }

  /** Asks for each value of a server, also for those that are kept; an empty answer keeps nothing. */
  async set(needed: readonly NeededValue[]): Promise<void> {
    for (const each of needed) if ((await this.ask(each)) === undefined) return;
  }

  /** Names of the servers that values are kept for. */
  servers(): string[] {
    return Object.keys(this.names());
  }

  /** Forgets every value of a server. */
  async clear(server: string): Promise<void> {
    const { [server]: variables = [], ...others } = this.names();
    for (const variable of variables) {
      await this.context.secrets.delete(secretKey(server, variable));
    }
    await this.context.workspaceState.update(namesKey, others);
    this.declined.clear();
  }

  private async kept({ server, variable }: NeededValue): Promise<string | undefined> {
    return await this.context.secrets.get(secretKey(server, variable));
  }

  private async askOnce(needed: NeededValue): Promise<string | undefined> {
    const key = secretKey(needed.server, needed.variable);
    if (this.declined.has(key)) return undefined;
    const value = await this.ask(needed);
    if (!value) this.declined.add(key);
    return value || undefined;
  }

  /** Undefined when the person has closed the box. */
  private async ask(needed: NeededValue): Promise<string | undefined> {
    const { server, variable, description, isSecret } = needed;
    const value = await vscode.window.showInputBox({
      title: t('{0} for the MCP server {1}', variable, server),
      prompt: description || t('Kept in the secret storage of the editor, for this workspace.'),
      password: isSecret,
      ignoreFocusOut: true,
    });
    if (value) await this.keep(needed, value);
    return value;
  }

  private async keep({ server, variable }: NeededValue, value: string): Promise<void> {
    await this.context.secrets.store(secretKey(server, variable), value);
    const names = this.names();
    const variables = [...new Set([...(names[server] ?? []), variable])];
    await this.context.workspaceState.update(namesKey, { ...names, [server]: variables });
  }

  private names(): Record<string, readonly string[]> {
    return this.context.workspaceState.get(namesKey, {});
  }
}

/** Secret storage is the whole editor's, so a key names the workspace too. */
function secretKey(server: string, variable: string): string {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  const workspace = (workspaceFile ?? workspaceFolders?.[0]?.uri)?.toString() ?? '';
  const hash = createHash('sha256').update(workspace).digest('hex').slice(0, 16);
  return `warRoom.server/${hash}/${server}/${variable}`;
}
