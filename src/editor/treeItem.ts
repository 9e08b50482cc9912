import * as vscode from 'vscode';

/** What is shown of a node of any of our trees. */
export interface ShownNode {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** Codicon. */
  readonly icon: string;
  /** Theme colour of the icon, where it has a meaning. */
  readonly colour?: string | null;
  /** What the manifest's menus look at. */
  readonly context: string;
  readonly children: readonly unknown[];
}

/**
 * The node as the editor draws it; one with children is open at first.
 * @param command what a click does
 */
export function treeItemOf(node: ShownNode, command: vscode.Command | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(
    node.label,
    node.children.length === 0
      ? vscode.TreeItemCollapsibleState.None
      : vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = node.id;
  item.description = node.description;
  item.tooltip = node.tooltip;
  item.iconPath = new vscode.ThemeIcon(
    node.icon,
    typeof node.colour === 'string' ? new vscode.ThemeColor(node.colour) : undefined,
  );
  item.contextValue = node.context;
  item.accessibilityInformation = { label: `${node.label}, ${node.description}` };
  if (command) item.command = command;
  return item;
}
