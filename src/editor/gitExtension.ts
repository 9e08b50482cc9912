import * as vscode from 'vscode';

/** The little that War Room uses of the built-in Git extension's API, version 1. */
interface GitApi {
  repositories: readonly GitRepository[];
  openRepository(root: vscode.Uri): Promise<GitRepository | null>;
}

/** A repository as the Source Control view shows it. */
export interface GitRepository {
  rootUri: vscode.Uri;
  inputBox: { value: string };
  state: { onDidChange: vscode.Event<void>; HEAD?: { name?: string; commit?: string } };
  status(): Promise<void>;
  push(remote: string, branch: string, setUpstream: boolean): Promise<void>;
}

/** The editor's own view of a repository; undefined where the Git extension is off. */
export async function gitRepository(root: string): Promise<GitRepository | undefined> {
  const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  if (!extension) return undefined;
  try {
    const api = (await extension.activate()).getAPI(1);
    const uri = vscode.Uri.file(root);
    const known = api.repositories.find(({ rootUri }) => rootUri.fsPath === uri.fsPath);
    return known ?? (await api.openRepository(uri)) ?? undefined;
  } catch {
    // Switched off by the setting git.enabled: commits then go through our own git alone.
    return undefined;
  }
}
